/**
 * The files of the stand-in of Slack's Web API: ask for an address, send the bytes there, say that they are there. As in
 * Slack a file is looked through after that, and until then nobody knows what it is.
 */
export type FakeFile = {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly alt: string;
  title: string;
  bytes: Buffer | undefined;
  complete: boolean;
};

export type FakeFiles = {
  readonly all: FakeFile[];
  /** How many times more `files.info` will not know yet what a file is. */
  unseen: number;
  /** Answers a method of files.*; undefined if it is none. */
  call(method: string, fields: Record<string, string>, origin: string): unknown;
  /** Takes the bytes that were posted to an upload address; false if there is no such. */
  receive(path: string, body: Buffer): boolean;
};

const refusal = (error: string) => ({ ok: false, error });

/** Files that nobody has uploaded yet. */
export function fakeFiles(): FakeFiles {
  const files: FakeFiles = {
    all: [],
    unseen: 0,
    call: (method, fields, origin) => {
      if (method === 'files.getUploadURLExternal') return begin(files, fields, origin);
      if (method === 'files.completeUploadExternal') return complete(files, fields);
      return method === 'files.info' ? describe(files, fields) : undefined;
    },
    receive: (path, body) => {
      const file = files.all.find(({ id }) => path === `/${id}/upload`);
      if (file === undefined || body.length !== file.length) return false;
      file.bytes = body;
      return true;
    },
  };
  return files;
}

function begin(files: FakeFiles, fields: Record<string, string>, origin: string): unknown {
  const [name, length] = [fields.filename ?? '', Number(fields.length)];
  if (name === '' || !(length > 0)) return refusal('invalid_arguments');
  const id = `F${String(files.all.length + 1).padStart(9, '0')}`;
  files.all.push({ id, name, length, alt: fields.alt_txt ?? '', title: name, bytes: undefined, complete: false });
  return { ok: true, file_id: id, upload_url: `${origin}/${id}/upload` };
}

function complete(files: FakeFiles, fields: Record<string, string>): unknown {
  if (fields.channel_id !== undefined || fields.channels !== undefined) return refusal('channel_not_found');
  const asked: { id: string; title?: string }[] = JSON.parse(fields.files ?? '[]');
  for (const { id, title } of asked) {
    const file = files.all.find((each) => each.id === id);
    if (file?.bytes === undefined) return refusal('file_not_found');
    file.title = title ?? file.name;
    file.complete = true;
  }
  return { ok: true, files: asked.map(({ id, title }) => ({ id, title })) };
}

function describe(files: FakeFiles, fields: Record<string, string>): unknown {
  const file = files.all.find(({ id, complete }) => id === fields.file && complete);
  if (file === undefined) return refusal('file_not_found');
  files.unseen -= 1;
  return { ok: true, file: { id: file.id, title: file.title, mimetype: files.unseen >= 0 ? '' : 'image/png' } };
}
