import { describe, expect, it } from 'vitest';
import { readBackfillRequest } from '../../../src/core/request/request.ts';
import { writeRequest } from '../../../src/core/request/write-request.ts';
import { isRefusal } from '../../../src/fault.ts';
import { brief, context, readCommand, refused } from '../../support/read-requests.ts';

const read = (text: string) => readBackfillRequest(text, context);

describe('a request about a backfill that is there', () => {
  it.each(['pause', 'resume', 'cancel', 'retry', 'approve', 'deny'] as const)('%ss it, with or without why', (verb) => {
    expect(read(`${verb} b1`)).toEqual({ verb, id: 'b1', reason: null });
    const request = read(`${verb} b1 --reason "it is late"`);
    expect(request).toEqual({ verb, id: 'b1', reason: 'it is late' });
    if (isRefusal(request)) throw new Error(request.message);
    expect(writeRequest(request, '/backfill')).toBe(`/backfill ${verb} b1 --reason "it is late"`);
  });

  it('hands it over', () => {
    expect(read('handover b1')).toEqual({ verb: 'handover', id: 'b1' });
  });

  it('follows it', () => {
    expect(read('follow #B1')).toEqual({ verb: 'follow', id: 'b1' });
    expect(writeRequest({ verb: 'follow', id: 'b1' }, '/backfill')).toBe('/backfill follow b1');
    expect(refused(read('follow')).message).toMatch(/needs the id/);
  });

  it.each([
    ['PAUSE B1', 'pause | b1'],
    ['pause #B1-x', 'pause | b1-x'],
    ['pause `b1`', 'pause | b1'],
    ['pause (b1).', 'pause | b1'],
    ['pause "b1"', 'pause | b1'],
    ['pause \u201cb1\u201d', 'pause | b1'],
    ['pause b\u20131', 'pause | b-1'],
    ['pause b1,', 'pause | b1'],
    ['--reason "it is late" pause b1', 'pause | b1'],
    ['backcourt backfill pause b1', 'pause | b1'],
    ['/backfill pause b1', 'pause | b1'],
    ['status `B1`', 'status | b1'],
    ['status', 'list'],
  ])('is read: %s', (text, expected) => {
    expect(brief(read(text))).toBe(expected);
  });

  it.each([
    ['pause', /`pause` needs the id of a backfill/, '/backfill list'],
    ['handover', /needs the id/, '/backfill list'],
    ['pause b1 b2', /`pause` takes one id; why is said with --reason/, '/backfill pause b1'],
    ['pause b1 b2 --reason x', /takes one id/, '/backfill pause b1 --reason x'],
    ['handover b1 b2', /takes one id/, '/backfill handover b1'],
    ['pause <b1>', /letters, digits, - and _ only/, '/backfill list'],
    ['pause "b 1"', /letters, digits/, '/backfill list'],
    ['pause -b1', /no option "-b1"/, '/backfill list'],
    ['pause b1 --reason it is late', /needs quotes/, '/backfill pause b1 --reason "it is late"'],
    ['pause b1 --reason ""', /--reason takes words/, '/backfill pause b1 --reason "late data"'],
    ['pause b1 --reson late', /Did you mean --reason/, '/backfill pause b1 --reason late'],
    ['pause b1 --dry-run', /belongs to \/backfill with a table and dates/, '/backfill pause b1'],
    ['pause b1 --concurrency 4', /--concurrency belongs to/, '/backfill pause b1'],
    ['handover b1 --reason x', /`handover` takes no options/, '/backfill handover b1'],
    ['list --concurrency 4', /`list` takes no options/, '/backfill list'],
    ['status b1 --reason x', /no options/, '/backfill status b1'],
    ['paus b1', /Did you mean the verb pause/, '/backfill pause b1'],
    ['aprove b1 --reason "is fine"', /the verb approve/, '/backfill approve b1 --reason "is fine"'],
  ])('is refused with a command that works: %s', (text, message, instead) => {
    const refusal = refused(read(text));
    expect(refusal.message).toMatch(message);
    expect(refusal.try).toBe(instead);
    expect(isRefusal(readCommand(instead))).toBe(false);
  });

  it('is found after the other command too', () => {
    for (const verb of ['pause', 'resume', 'cancel', 'retry', 'approve', 'deny', 'handover']) {
      expect(refused(readCommand(`/coverage ${verb} b1`)).try).toBe(`/backfill ${verb} b1`);
    }
  });
});
