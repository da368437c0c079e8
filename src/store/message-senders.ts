/** A message has one sender at a time, for as long as it says; who died over it is followed by another one. */
export const messageSenders = {
  number: 11,
  name: 'message senders',
  sql: `
alter table messages add column sender text;
alter table messages add column sender_until int8;
alter table messages add check ((sender is null) = (sender_until is null));
`,
} as const;
