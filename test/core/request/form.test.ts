import { describe, expect, it } from 'vitest';
import { emptyForm, fillForm, writeForm } from '../../../src/core/request/form.ts';
import { launched } from '../../support/read-requests.ts';

describe('the form of a backfill', () => {
  it.each([
    'mlfs 2022-01-01',
    'mlfs 2022-01-01..2022-01-07',
    'mlfs 2022-01-01,2022-01-05..2022-01-07',
    'mlfs 2022-01-01..2022-01-07 --with-upstream --newest-first --sample 5 --concurrency 4',
    'mlfs 2022-01-01 --stop-on-failure --only missing,thin',
    'mlfs 2022-01-01 --stop-on-failure=10% --rest',
    'mlfs 2022-01-01 --no-resume --after b1',
    'mlfs 2022-01-01 --skip-preflight --reason "late, and \\"odd\\""',
  ])('holds the whole of %s', (text) => {
    const request = launched(text);
    expect(launched(writeForm(fillForm(request)))).toEqual(request);
  });

  it('takes dates in words before those that were picked', () => {
    const values = { ...emptyForm, table: 'mlfs', from: '2022-01-01', to: '2022-01-07', words: ' nov\u00a02021 ' };
    expect(writeForm(values)).toBe('mlfs nov 2021');
  });
});
