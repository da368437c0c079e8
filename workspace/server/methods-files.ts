/** files.*: the three steps of an upload, as the SDK's filesUploadV2 takes them: ask for a URL, send the bytes, complete. */
import { createHmac } from 'node:crypto';
import { fileShape } from './api-shapes.ts';
import { type Desk, findShared } from './desk.ts';
import { type Answer, isRecord, jsonField, textField } from './http.ts';
import { apiError } from './message-content.ts';
import type { Method, Reply } from './web-api.ts';
import type { FileInfo } from './wire.ts';

type Fields = Record<string, unknown>;
type Pending = { readonly id: string; readonly name: string; readonly length: number; content?: Buffer };

export type FileDesk = {
  readonly methods: Readonly<Record<string, Method>>;
  /** Takes the bytes posted to an upload URL, raw or as multipart. */
  receive(path: string, body: Buffer, contentType: string): Promise<Answer>;
};

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  json: 'application/json',
  txt: 'text/plain',
};

/** Opens the desk of uploads. Unfinished ones are forgotten at a restart. */
export function openFileDesk(secret: string): FileDesk {
  const pending = new Map<string, Pending>();
  const pathOf = (id: string) => `/upload/${id}/${createHmac('sha256', secret).update(id).digest('hex').slice(0, 24)}`;
  return {
    methods: {
      'files.getUploadURLExternal': (fields, desk) => startUpload(fields, desk, pending, pathOf),
      'files.completeUploadExternal': (fields, desk) => completeUpload(fields, desk, pending),
      'files.info': readFile,
    },
    async receive(path, body, contentType) {
      const upload = [...pending.values()].find((item) => pathOf(item.id) === path);
      if (upload === undefined) return { status: 404, body: 'No such upload' };
      const content = await contentIn(body, contentType);
      if (content.length !== upload.length) return { status: 400, body: `Expected ${upload.length} bytes` };
      upload.content = content;
      return { status: 200, body: `OK - ${content.length}` };
    },
  };
}

async function contentIn(body: Buffer, contentType: string): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  return Buffer.alloc(0);
}

function startUpload(fields: Fields, desk: Desk, pending: Map<string, Pending>, pathOf: (id: string) => string): Reply {
  const name = textField(fields, 'filename');
  const length = Number(textField(fields, 'length'));
  if (name === undefined || !Number.isInteger(length) || length < 1) return apiError('invalid_arguments');
  const id = `F${desk.book.stamp().replace('.', '')}`;
  pending.set(id, { id, name, length });
  return { ok: true, upload_url: `${desk.origin()}${pathOf(id)}`, file_id: id };
}

/** All files or none; with a channel they are posted there as one message. */
function completeUpload(fields: Fields, desk: Desk, pending: Map<string, Pending>): Reply {
  const asked = jsonField(fields, 'files');
  if (!Array.isArray(asked) || asked.length === 0) return apiError('invalid_arguments');
  const ready = asked.filter(isRecord).map((item) => ({ upload: pending.get(String(item.id)), title: item.title }));
  const files: FileInfo[] = [];
  for (const { upload, title } of ready) {
    if (upload?.content === undefined) return apiError('file_not_found');
    files.push(describe(upload, typeof title === 'string' ? title : upload.name));
  }
  const place = readPlace(fields, desk);
  if ('error' in place) return place;
  for (const file of files) {
    desk.book.putFile(file, pending.get(file.id)?.content ?? Buffer.alloc(0));
    pending.delete(file.id);
  }
  share(files, place, fields, desk);
  return { ok: true, files: files.map((file) => fileShape(desk, file)) };
}

function describe(upload: Pending, title: string): FileInfo {
  const mimetype = TYPES[upload.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
  const path = `/files/${upload.id}/${encodeURIComponent(upload.name)}`;
  return { id: upload.id, name: upload.name, title, mimetype, size: upload.length, path };
}

type Place = { readonly channel?: string; readonly thread?: string };

function readPlace(fields: Fields, desk: Desk): Place | ReturnType<typeof apiError> {
  const named = textField(fields, 'channel_id');
  if (named === undefined) return {};
  const channel = desk.places.findForApp(named);
  if (channel === undefined) return apiError('channel_not_found');
  if (channel.isArchived) return apiError('is_archived');
  if (!channel.members.includes(desk.cast.app.user)) return apiError('not_in_channel');
  const ts = textField(fields, 'thread_ts');
  if (ts === undefined) return { channel: channel.id };
  const root = findShared(desk, channel.id, ts);
  return root === undefined ? apiError('thread_not_found') : { channel: channel.id, thread: root.thread ?? root.ts };
}

function share(files: readonly FileInfo[], place: Place, fields: Fields, desk: Desk): void {
  if (place.channel === undefined) return;
  const text = textField(fields, 'initial_comment') ?? '';
  const thread = place.thread === undefined ? {} : { thread: place.thread };
  const base = { ts: desk.book.stamp(), channel: place.channel, user: desk.cast.app.user, text, files };
  desk.book.put({ ...base, ...thread });
}

function readFile(fields: Fields, desk: Desk): Reply {
  const file = desk.book.findFile(textField(fields, 'file') ?? '');
  return file === undefined ? apiError('file_not_found') : { ok: true, file: fileShape(desk, file) };
}
