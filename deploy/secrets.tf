# The two secrets of Slack are made empty: a person adds their versions, so that they never pass through here.
locals {
  slack_secrets = toset(["backcourt-slack-bot-token", "backcourt-slack-signing-secret"])
  store_url     = "postgres://backcourt:${random_password.state.result}@/backcourt?host=/cloudsql/${google_sql_database_instance.state.connection_name}"
}

resource "google_secret_manager_secret" "slack" {
  for_each   = local.slack_secrets
  secret_id  = each.value
  depends_on = [google_project_service.apis]

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret" "store" {
  secret_id  = "backcourt-store"
  depends_on = [google_project_service.apis]

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "store" {
  secret      = google_secret_manager_secret.store.id
  secret_data = local.store_url
}

# Not secret: a file that can be mounted, and whose versions are kept.
resource "google_secret_manager_secret" "files" {
  for_each   = toset(["backcourt-pipeline", "backcourt-metrics"])
  secret_id  = each.value
  depends_on = [google_project_service.apis]

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "pipeline" {
  secret      = google_secret_manager_secret.files["backcourt-pipeline"].id
  secret_data = file(var.pipeline_file)
}

# What the collector beside each instance scrapes.
resource "google_secret_manager_secret_version" "metrics" {
  secret = google_secret_manager_secret.files["backcourt-metrics"].id
  secret_data = yamlencode({
    apiVersion = "monitoring.googleapis.com/v1beta"
    kind       = "RunMonitoring"
    metadata   = { name = "backcourt" }
    spec       = { endpoints = [{ port = 9464, path = "/metrics", interval = "30s" }] }
  })
}
