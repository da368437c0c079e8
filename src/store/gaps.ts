/** Gaps that somebody has accepted: dates that are to stay as they are, with who, why and when. Nothing is deleted. */
import type { AcceptedGap } from '../core/coverage/coverage-report.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

const columns = `id, table_name as "table", dates, reason, accepted_by as "acceptedBy", accepted_at::float8 as "acceptedAt"`;

/** Registers a gap. May be repeated with the same id; returns whether this call was the first. */
export async function insertGap(query: Query, pipeline: string, gap: AcceptedGap): Promise<boolean> {
  const rows = await query(
    `insert into accepted_gaps (id, pipeline, table_name, dates, reason, accepted_by, accepted_at)
     values ($1, $2, $3, $4::jsonb, $5, $6, $7::int8) on conflict do nothing returning id`,
    [gap.id, pipeline, gap.table, toJson(gap.dates), gap.reason, gap.acceptedBy, gap.acceptedAt],
  );
  return rows.length === 1;
}

/** Gaps that hold, oldest first. */
export async function listGaps(query: Query, pipeline: string): Promise<AcceptedGap[]> {
  return query<AcceptedGap>(
    `select ${columns} from accepted_gaps where pipeline = $1 and revoked_at is null order by accepted_at, id`,
    [pipeline],
  );
}

/** A gap that holds. */
export async function findGap(query: Query, pipeline: string, id: string): Promise<AcceptedGap | undefined> {
  const [row] = await query<AcceptedGap>(
    `select ${columns} from accepted_gaps where pipeline = $1 and id = $2 and revoked_at is null`,
    [pipeline, id],
  );
  return row;
}

/** Takes a gap back. Undefined if none of this id holds. */
export async function revokeGap(
  query: Query,
  revoke: { pipeline: string; id: string; by: string; now: number },
): Promise<AcceptedGap | undefined> {
  const [row] = await query<AcceptedGap>(
    `update accepted_gaps set revoked_by = $3, revoked_at = $4::int8 where pipeline = $1 and id = $2 and revoked_at is null
     returning ${columns}`,
    [revoke.pipeline, revoke.id, revoke.by, revoke.now],
  );
  return row;
}
