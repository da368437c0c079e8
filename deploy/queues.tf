# Cells may take half an hour each and must not hold up an answer, so they have a queue of their own.
resource "google_cloud_tasks_queue" "cells" {
  name       = "backcourt-cells"
  location   = var.region
  depends_on = [google_project_service.apis]

  rate_limits {
    max_concurrent_dispatches = var.cells_at_a_time
    max_dispatches_per_second = 50
  }

  # The sweep rings again for what was given up here.
  retry_config {
    max_attempts  = 5
    min_backoff   = "1s"
    max_backoff   = "60s"
    max_doublings = 6
  }
}

resource "google_cloud_tasks_queue" "messages" {
  name       = "backcourt-messages"
  location   = var.region
  depends_on = [google_project_service.apis]

  rate_limits {
    max_concurrent_dispatches = 20
    max_dispatches_per_second = 100
  }

  retry_config {
    max_attempts  = 20
    min_backoff   = "1s"
    max_backoff   = "60s"
    max_doublings = 6
  }
}

# The sweep, which makes crashes harmless, and looks each minute whether a digest is due.
resource "google_cloud_scheduler_job" "sweep" {
  name             = "backcourt-sweep"
  region           = var.region
  schedule         = "* * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "180s"
  depends_on       = [google_project_service.apis]

  http_target {
    http_method = "POST"
    uri         = "${local.worker_url}/tasks"
    headers     = { "content-type" = "application/json" }
    body        = base64encode(jsonencode({ v = 1, kind = "reconcile" }))

    oidc_token {
      service_account_email = google_service_account.caller.email
      audience              = local.worker_url
    }
  }
}
