# Two services of one image: the bot is open to Slack and does next to nothing; the worker does the work and is closed to all
# but the caller's account, from within the project.
data "google_project" "this" {}

locals {
  # Known before the service is made, so that the worker can be told its own.
  worker_url = "https://backcourt-worker-${data.google_project.this.number}.${var.region}.run.app"

  services = {
    bot = {
      account = google_service_account.bot.email
      ingress = "INGRESS_TRAFFIC_ALL"
      timeout = "30s"
      memory  = "512Mi"
      # One is always warm: Slack waits three seconds.
      instances = { least = 1, most = 3 }
      secrets = {
        BACKCOURT_STORE      = "backcourt-store"
        SLACK_BOT_TOKEN      = "backcourt-slack-bot-token"
        SLACK_SIGNING_SECRET = "backcourt-slack-signing-secret"
      }
    }
    worker = {
      account = google_service_account.worker.email
      ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      # As long as a task may take.
      timeout   = "1800s"
      memory    = "1Gi"
      instances = { least = 0, most = 5 }
      secrets = {
        BACKCOURT_STORE = "backcourt-store"
        SLACK_BOT_TOKEN = "backcourt-slack-bot-token"
      }
    }
  }

  settings = merge(var.processor_urls, {
    GOOGLE_CLOUD_PROJECT   = var.project
    BACKCOURT_PIPELINE     = "/etc/backcourt/pipeline.yml"
    BACKCOURT_WAREHOUSE    = "bigquery:${var.project}?location=${var.warehouse_location}"
    BACKCOURT_TASKS        = "projects/${var.project}/locations/${var.region}/queues/backcourt"
    BACKCOURT_URL          = local.worker_url
    BACKCOURT_CONCURRENCY  = tostring(var.cells_at_a_time)
    BACKCOURT_METRICS_PORT = "9464"
    # Times eight instances, and as many again while a version is replaced, stays below what the database allows.
    BACKCOURT_STORE_CONNECTIONS = "5"
  })

  # Files that are mounted: the folder, and the name and version of the file in it.
  files = {
    pipeline = { folder = "/etc/backcourt", name = "pipeline.yml", version = google_secret_manager_secret_version.pipeline.version }
    metrics  = { folder = "/etc/rungmp", name = "config.yaml", version = google_secret_manager_secret_version.metrics.version }
  }
}

resource "google_cloud_run_v2_service" "backcourt" {
  for_each            = local.services
  name                = "backcourt-${each.key}"
  location            = var.region
  ingress             = each.value.ingress
  deletion_protection = false
  depends_on          = [google_secret_manager_secret_iam_member.readers]

  template {
    service_account                  = each.value.account
    max_instance_request_concurrency = 40
    timeout                          = each.value.timeout

    scaling {
      min_instance_count = each.value.instances.least
      max_instance_count = each.value.instances.most
    }

    containers {
      name  = "backcourt"
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        limits            = { cpu = "1", memory = each.value.memory }
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = merge(local.settings, { BACKCOURT_ROLE = each.key })
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = each.value.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      startup_probe {
        period_seconds    = 2
        failure_threshold = 30
        http_get {
          path = "/healthz"
        }
      }

      liveness_probe {
        http_get {
          path = "/healthz"
        }
      }

      volume_mounts {
        name       = "cloudsql"
        mount_path = "/cloudsql"
      }

      volume_mounts {
        name       = "pipeline"
        mount_path = local.files.pipeline.folder
      }
    }

    # Google's collector for Prometheus: scrapes /metrics of its own instance, over the loopback that they share.
    containers {
      name       = "collector"
      image      = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"
      depends_on = ["backcourt"]

      volume_mounts {
        name       = "metrics"
        mount_path = local.files.metrics.folder
      }
    }

    volumes {
      name = "cloudsql"
      cloud_sql_instance {
        instances = [google_sql_database_instance.state.connection_name]
      }
    }

    dynamic "volumes" {
      for_each = local.files
      content {
        name = volumes.key
        secret {
          secret = "backcourt-${volumes.key}"
          items {
            version = volumes.value.version
            path    = volumes.value.name
          }
        }
      }
    }
  }
}
