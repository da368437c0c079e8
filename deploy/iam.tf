# Three accounts, none with a key, none with a role on the whole project that could be had on less.
# docs/security.md has a row for each role here, and a test that it has.
resource "google_service_account" "bot" {
  account_id   = "backcourt-bot"
  display_name = "Backcourt: takes what Slack sends, and enqueues"
}

resource "google_service_account" "worker" {
  account_id   = "backcourt-worker"
  display_name = "Backcourt: performs tasks, reads the warehouse, calls processors"
}

resource "google_service_account" "caller" {
  account_id   = "backcourt-caller"
  display_name = "Backcourt: what Cloud Tasks and Cloud Scheduler call the worker as"
}

locals {
  runners = {
    bot    = google_service_account.bot.member
    worker = google_service_account.worker.member
  }
  # Neither reads a secret that it does not use.
  readable = {
    bot    = setunion(local.slack_secrets, ["backcourt-store", "backcourt-pipeline", "backcourt-metrics"])
    worker = ["backcourt-slack-bot-token", "backcourt-store", "backcourt-pipeline", "backcourt-metrics"]
  }
  secret_access = merge([
    for who, secrets in local.readable : { for secret in secrets : "${who} ${secret}" => { who = who, secret = secret } }
  ]...)
  enqueue = merge([
    for who in keys(local.runners) : {
      "${who} cells"    = { who = who, queue = google_cloud_tasks_queue.cells.name }
      "${who} messages" = { who = who, queue = google_cloud_tasks_queue.messages.name }
    }
  ]...)
}

resource "google_secret_manager_secret_iam_member" "readers" {
  for_each  = local.secret_access
  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.runners[each.value.who]

  depends_on = [
    google_secret_manager_secret.slack,
    google_secret_manager_secret.store,
    google_secret_manager_secret.files,
  ]
}

resource "google_cloud_tasks_queue_iam_member" "enqueuers" {
  for_each = local.enqueue
  name     = each.value.queue
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = local.runners[each.value.who]
}

# A task carries a token of the caller, and whoever makes the task must be let act as it.
resource "google_service_account_iam_member" "act_as_caller" {
  for_each           = local.runners
  service_account_id = google_service_account.caller.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

# There is no smaller unit than the project for these.
resource "google_project_iam_member" "sql" {
  for_each = local.runners
  project  = var.project
  role     = "roles/cloudsql.client"
  member   = each.value

  condition {
    title      = "backcourt's instance only"
    expression = "resource.name == 'projects/${var.project}/instances/${google_sql_database_instance.state.name}' && resource.service == 'sqladmin.googleapis.com'"
  }
}

resource "google_project_iam_member" "metrics" {
  for_each = local.runners
  project  = var.project
  role     = "roles/monitoring.metricWriter"
  member   = each.value
}

resource "google_project_iam_member" "query" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.worker.member
}

resource "google_bigquery_dataset_iam_member" "read" {
  for_each   = var.datasets
  project    = var.warehouse_project
  dataset_id = each.value
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.worker.member
}

resource "google_cloud_run_v2_service_iam_member" "call_processors" {
  for_each = var.processors
  name     = each.value
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.worker.member
}

resource "google_cloud_run_v2_service_iam_member" "call_worker" {
  name     = google_cloud_run_v2_service.backcourt["worker"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.caller.member
}

# Slack has no Google account. What it sends is signed, and nothing else is taken.
resource "google_cloud_run_v2_service_iam_member" "slack_calls_bot" {
  name     = google_cloud_run_v2_service.backcourt["bot"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}
