/**
 * A picture into Slack, in its three steps: ask where to, send the bytes, say that they are there. Slack looks through a
 * file after that in its own time, and refuses a message with one that it has not looked at, so this waits for it.
 */
import type { WebClient } from '@slack/web-api';
import type { Picture, UploadResult } from './chat.ts';
import { readFailure } from './slack-errors.ts';

const bytesTimeoutMs = 8_000;
/** Waits between looks; together less than a person would notice beside the answer. */
const looksMs = [0, 200, 400, 800, 1_600];

/** Uploads without a channel: the file is seen only where a message of ours shows it. Never throws. */
export async function uploadToSlack(client: WebClient, picture: Picture): Promise<UploadResult> {
  try {
    const { name: filename, title, bytes } = picture;
    // Slack calls it alt_txt; web-api 8 types it alt_text, which Slack ignores.
    const words = { alt_txt: picture.alt };
    const asked = await client.files.getUploadURLExternal({ filename, length: bytes.length, ...words });
    const { upload_url: url, file_id: id } = asked;
    if (url === undefined || id === undefined) return { kind: 'refused', detail: 'Slack gave no place to upload to' };
    const refused = await sendBytes(url, bytes);
    if (refused !== undefined) return refused;
    await client.files.completeUploadExternal({ files: [{ id, title }] });
    return await waitUntilSeen(client, id);
  } catch (error) {
    return readUploadFailure(error);
  }
}

async function sendBytes(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<UploadResult | undefined> {
  const headers = { 'content-type': 'application/octet-stream' };
  // The address is the only secret that is needed there; a redirect would carry the picture elsewhere.
  const signal = AbortSignal.timeout(bytesTimeoutMs);
  const response = await fetch(url, { method: 'POST', headers, body: bytes, signal, redirect: 'error' });
  await response.body?.cancel();
  if (response.ok) return undefined;
  const detail = `HTTP ${response.status} for the bytes`;
  return response.status === 429 || response.status >= 500
    ? { kind: 'later', after: 5_000, detail }
    : { kind: 'refused', detail };
}

async function waitUntilSeen(client: WebClient, file: string): Promise<UploadResult> {
  for (const wait of looksMs) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const seen = await client.files.info({ file });
    if (seen.file?.mimetype) return { kind: 'ok', file };
  }
  return { kind: 'later', after: 5_000, detail: 'Slack has not looked at the file yet' };
}

/** A repeated upload does no harm, so that a lost answer is no more than a failure. */
function readUploadFailure(error: unknown): UploadResult {
  const failure = readFailure(error, 'upload');
  return failure.kind === 'ok' ? { kind: 'refused', detail: 'unknown' } : failure;
}
