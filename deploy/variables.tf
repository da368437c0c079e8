variable "project" {
  description = "The id of the project that everything is made in"
  type        = string
}

variable "region" {
  description = "Where it runs; best where the warehouse is"
  type        = string
  default     = "us-central1"
}

variable "image" {
  description = "The image with its digest: REGION-docker.pkg.dev/PROJECT/backcourt/backcourt@sha256:..."
  type        = string
}

variable "pipeline_file" {
  description = "The pipeline.yml of the warehouse, on this machine"
  type        = string
}

variable "warehouse_project" {
  description = "The project that holds the datasets. Where it is another one than var.project, which pays for queries, the pipeline file names tables project.dataset.table"
  type        = string
}

variable "warehouse_location" {
  description = "The location of the datasets, such as US or europe-west1"
  type        = string
  default     = "US"
}

variable "datasets" {
  description = "The datasets that the pipeline file names; nothing else can be read"
  type        = set(string)
}

variable "processors" {
  description = "The Cloud Run services that fill tables, in this project and region"
  type        = set(string)
  default     = []
}

variable "processor_urls" {
  description = "Variables that the pipeline file names for the addresses of its services, with those addresses"
  type        = map(string)
  default     = {}
}

variable "cells_at_a_time" {
  description = "Dates that are filled at a time, over all backfills"
  type        = number
  default     = 15
}

variable "database_tier" {
  description = "The machine of the database"
  type        = string
  default     = "db-g1-small"
}

variable "alert_email" {
  description = "Who is told when something is wrong; no alerts are made without"
  type        = string
  default     = ""
}
