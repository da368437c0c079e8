# What should wake somebody; docs/operations.md says of each metric what it is. No alert goes through Slack, which may be what is
# broken.
locals {
  alerts = {
    "The state does not answer" = {
      query    = "max(backcourt_store_up) == 0"
      duration = "120s"
    }
    "Cells wait and nobody begins them" = {
      query    = "max(backcourt_queue_lag_seconds) > 600"
      duration = "60s"
    }
    "Dead attempts are not taken over" = {
      query    = "max(backcourt_leases_expired) > 0"
      duration = "300s"
    }
    "People do not get their messages" = {
      query    = "max(backcourt_messages_unsent_age_seconds) > 300 or max(backcourt_messages_given_up) > 0"
      duration = "60s"
    }
    "A processor service fails whatever it is asked" = {
      query    = "max(backcourt_services_held) > 0"
      duration = "60s"
    }
    "Tasks fail" = {
      query    = "sum(rate(backcourt_tasks_total{result=\"failed\"}[10m])) > 0.05"
      duration = "600s"
    }
    "Somebody who may not calls the worker" = {
      query    = "sum(increase(backcourt_requests_total{path=\"/tasks\",status=\"401\"}[10m])) > 5"
      duration = "0s"
    }
    "Nothing is measured any more" = {
      query    = "absent(backcourt_store_up)"
      duration = "600s"
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  count        = var.alert_email == "" ? 0 : 1
  display_name = "Backcourt"
  type         = "email"
  labels       = { email_address = var.alert_email }
}

resource "google_monitoring_alert_policy" "alerts" {
  for_each              = var.alert_email == "" ? {} : local.alerts
  display_name          = "Backcourt: ${each.key}"
  combiner              = "OR"
  notification_channels = google_monitoring_notification_channel.email[*].id

  conditions {
    display_name = each.key
    condition_prometheus_query_language {
      query               = each.value.query
      duration            = each.value.duration
      evaluation_interval = "60s"
    }
  }

  documentation {
    content = "docs/operations.md says what it means; `backcourt check` and the log say what to do."
  }
}
