/** Serves the built page and uploaded files. Uploads are an app's bytes: only pictures are shown, the rest is downloaded. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Desk } from './desk.ts';
import type { Answer } from './http.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Scripts from here only: a message cannot bring its own. */
const POLICY =
  "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/** Where the built page lies: beside the sources, also when this file runs compiled from the project's dist folder. */
export function findPageFolder(): string | undefined {
  const places = ['../dist/', '../../../workspace/dist/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((place) => existsSync(`${place}index.html`));
}

/** Answers `/` and `/assets/...`. */
export function servePage(folder: string | undefined, path: string): Answer {
  if (folder === undefined) {
    return { status: 503, body: 'The page is not built. Run: npx vite build --config workspace/vite.config.ts' };
  }
  const name = path === '/' ? 'index.html' : path.slice(1);
  const known = path === '/' || /^\/(?:assets\/)?[\w.-]+$/.test(path);
  if (!known || name.includes('..') || !existsSync(`${folder}/${name}`)) return { status: 404, body: 'Not found' };
  const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  const headers = { 'content-type': type, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, body: readFileSync(`${folder}/${name}`) };
}

/** Answers `/files/<id>/<name>`. */
export function serveUpload(desk: Desk, path: string): Answer {
  const id = path.split('/')[2] ?? '';
  const file = desk.book.findFile(id);
  const content = file === undefined ? undefined : desk.book.readFile(id);
  if (file === undefined || content === undefined) return { status: 404, body: 'Not found' };
  const shown = file.mimetype.startsWith('image/');
  return {
    status: 200,
    headers: {
      'content-type': file.mimetype,
      'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    },
    body: content,
  };
}
