import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/core/request/split-words.ts';
import { eachEngine } from '../jobs/each-engine.ts';
import type { Engine } from '../jobs/engine.ts';
import { failure } from '../jobs/scripted-processor.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { type Ran, runLine } from './run-line.ts';

let engine: Engine;
eachEngine((made) => {
  engine = made;
});

const run = (...argv: string[]): Promise<Ran> => runLine(engine, argv);

/** The commands that a note says to type. */
function nextOf(note: string): string[] {
  const next = note.split('## Next')[1] ?? '';
  return [...next.matchAll(/^- `([^`]+)`/gm)].map((found) => found[1] ?? '');
}

/** Types a command as it stands in a note. */
function type(command: string): Promise<Ran> {
  const words = splitWords(command.replace(/^backcourt /, ''));
  if (!Array.isArray(words)) throw new Error(words.problem);
  return run(...words.map(({ text }) => text));
}

/** Five dates of mid: one whose service failed three times and will not again, and one without its base. */
async function runWithGaps(): Promise<string> {
  for (const day of ['03', '04', '05', '07']) await engine.write('base', `2022-01-${day}`, 4);
  engine.processor.script('mid 2022-01-04', { answer: failure }, { answer: failure }, { answer: failure }, {});
  const ran = await run(
    'backfill',
    'mid',
    '2022-01-03',
    '2022-01-07',
    '--ready-only',
    '--reason',
    'the *source* was late',
    '--json',
  );
  return JSON.parse(ran.out).id;
}

describe('backcourt handover', () => {
  it('tells what was asked, what ran, what remains and why, and commands that mend it when they are typed', async () => {
    const id = await runWithGaps();
    const { code, out } = await run('handover', id);
    expect(code).toBe(0);
    expect(out).toContain(`# Hand-over of backfill ${id}: mid, 3-7 Jan 2022`);
    expect(out).toMatch(/\*\*succeeded with gaps\*\* in \d+ s\. As of \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
    expect(out).toMatch(/- by bob, .* UTC, terminal \S+/);
    expect(out).toContain(
      '- command: `backcourt backfill mid 2022-01-03 2022-01-07 --ready-only --reason "the *source* was late"`',
    );
    expect(out).toContain('- reason: the \\*source\\* was late');
    expect(out).toMatch(
      /mid: 3 dates done \(2022-01-03, 2022-01-05, 2022-01-07\); 1 date failed \(2022-01-04\); 12 rows written; 6 attempts/,
    );
    expect(out).toMatch(/mid failed on 2022-01-04: the last run failed: lab answered 500: no \(in the log: `\w+`\)/);
    expect(out).toContain('blocked at the launch: 2022-01-06');
    expect(out).toContain('mid: before 0 of 5 complete; at its end 3 of 5 complete; now 3 of 5 complete');
    expect(out).toContain('- mid blocked on 2022-01-06: base never ran on 6 Jan 2022');

    const [retry = '', fill = ''] = nextOf(out);
    expect([retry, fill]).toEqual([`backcourt retry ${id}`, 'backcourt backfill mid 2022-01-06 --with-upstream']);
    expect(await type(fill)).toMatchObject({ code: 0 });
    const half = (await run('handover', id)).out;
    expect(half).toContain('at its end 3 of 5 complete; now 4 of 5 complete');
    expect(nextOf(half)).toEqual([retry, 'backcourt coverage mid 2022-01-04']);
    await type(retry);
    const mended = (await run('handover', id)).out;
    expect(mended).toContain('now 5 of 5 complete');
    expect(mended).toContain('retry by bob');
    expect(mended).toContain('- Nothing: every date is complete');
    expect(mended).toContain('- Nothing is left to do.');
    expect(mended).not.toContain('## Failed');
  });

  it('proposes to accept what never will be, in words that do so', async () => {
    engine.processor.script('base 2022-01-04', { rows: 0 });
    const ran = await run('backfill', 'base', '2022-01-03', '2022-01-05', '--json');
    const { id } = JSON.parse(ran.out);
    const { out } = await run('handover', id);
    const accept = nextOf(out).find((command) => command.includes(' accept '));
    expect(accept).toBe(
      'backcourt coverage accept base 2022-01-04 --reason "base said success but wrote no rows on 4 Jan 2022"',
    );
    expect(nextOf(out)).not.toContain(`backcourt retry ${id}`);
    expect(await type(accept ?? '')).toMatchObject({ code: 0 });
    const after = (await run('handover', id)).out;
    expect(after).toContain('- base: accepted as a gap 2022-01-04');
    expect(after).not.toContain('mended since');
    expect(after).toContain('- Nothing is left to do.');
  });

  it('says of one that runs or is paused that it does, and offers no more than to look or to go on', async () => {
    engine.processor.hold();
    await engine.start();
    const id = await engine.run('base 2022-01-03 2022-01-05 --concurrency 1 --no-resume');
    await waitUntil('a call', () => engine.processor.underWay().length === 1);
    const running = (await run('handover', id)).out;
    expect(running).toContain('**It is not over: running, 0 of 3 cells final, 3 open, 1 of them running now.**');
    expect(running).toContain('- overrides: `--no-resume`');
    expect(running).toContain(`- base running on 2022-01-03: backfill ${id} fills them`);
    expect(nextOf(running)).toEqual([`backcourt status ${id}`]);
    await run('pause', id, '--reason', 'the source is late');
    const paused = (await run('handover', id)).out;
    expect(paused).toMatch(/pause by bob: the source is late/);
    expect(nextOf(paused)).toEqual([`backcourt resume ${id}`, `backcourt cancel ${id}`]);
    engine.processor.release();
  });

  it('says of one that waits for another that nothing of it ran, and how its dates stand', async () => {
    const first = await engine.run('base 2022-01-03');
    const launched = await engine.launch(`mid 2022-01-03 2022-01-04 --after ${first}`);
    const id = 'id' in launched ? launched.id : '';
    const { out } = await run('handover', id);
    expect(out).toContain('**It is not over: preflight, 0 of 0 cells final, 0 open.**');
    expect(out).toContain('- Nothing of it ran.');
    expect(out).toContain('- mid blocked on 2022-01-03..2022-01-04: base never ran on 3-4 Jan 2022');
    expect(nextOf(out)).toEqual([`backcourt status ${id}`, `backcourt cancel ${id}`]);
  });

  it('sees what others wrote after the end', async () => {
    const id = await runWithGaps();
    await engine.write('mid', '2022-01-04', 4);
    await engine.write('base', '2022-01-06', 4);
    await engine.write('mid', '2022-01-06', 4);
    const { out } = await run('backfill', 'handover', id);
    expect(out).toContain('at its end 3 of 5 complete; now 5 of 5 complete');
    expect(out).toMatch(/mid failed on 2022-01-04: .*; mended since$/m);
    expect(out).toContain('- Nothing: every date is complete');
  });

  it('is one document with --json, which holds the Markdown too', async () => {
    const id = await runWithGaps();
    const note = JSON.parse((await run('handover', id, '--json')).out);
    expect(note).toMatchObject({
      id,
      state: 'done',
      result: 'succeeded_with_gaps',
      asked: { by: 'bob', reason: 'the *source* was late', overrides: [] },
      ran: [{ table: 'mid', rowsWritten: 12, attempts: 6 }],
      coverage: [{ table: 'mid', before: { complete: 0, expected: 5 }, now: { complete: 3, expected: 5 } }],
      next: [{ command: `backcourt retry ${id}` }, {}, {}],
    });
    expect(note.markdown).toContain('## Remains');
    expect(Number.isNaN(Date.parse(note.asOf))).toBe(false);
  });

  it('is refused for what is not there', async () => {
    const ran = await run('handover', 'nosuch');
    expect(ran).toMatchObject({ code: 2, said: 'There is no backfill nosuch.\nTry: backcourt status' });
    expect((await run('handover')).code).toBe(2);
  });
});
