# The state: one small Postgres. No network is authorized, so it is reached through Cloud SQL's own proxy and IAM only.
resource "google_sql_database_instance" "state" {
  name                = "backcourt"
  database_version    = "POSTGRES_15"
  region              = var.region
  deletion_protection = true
  depends_on          = [google_project_service.apis]

  settings {
    tier              = var.database_tier
    edition           = "ENTERPRISE"
    availability_type = "REGIONAL"

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }

    ip_configuration {
      ssl_mode = "ENCRYPTED_ONLY"
    }

    # Instances times connections (run.tf) stays below it.
    database_flags {
      name  = "max_connections"
      value = "100"
    }
  }
}

resource "google_sql_database" "state" {
  name     = "backcourt"
  instance = google_sql_database_instance.state.name
}

resource "random_password" "state" {
  length  = 32
  special = false
}

resource "google_sql_user" "backcourt" {
  name     = "backcourt"
  instance = google_sql_database_instance.state.name
  password = random_password.state.result
}
