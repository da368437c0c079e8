output "slack_request_url" {
  description = "What Slack is to call: the address in manifest.yml"
  value       = google_cloud_run_v2_service.backcourt["bot"].uri
}

output "images" {
  description = "Where the image is pushed to"
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "run_as" {
  description = "The account that queries the warehouse and calls processors: what is outside of this project is granted to it by hand"
  value       = google_service_account.worker.email
}
