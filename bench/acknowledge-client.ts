/**
 * Slack's side of the measurement, in a process of its own: signed slash commands over so many connections that are kept
 * open, each followed by the next as soon as it is answered. Told by messages what to send, answers with milliseconds.
 */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { signingSecret, slashCommand } from '../test/support/signed-request.ts';

export type Order = {
  readonly url: string;
  readonly requests: number;
  readonly connections: number;
  readonly text: string;
};

let sent = 0;

process.on('message', (order: Order) => {
  void sendAll(order).then((times) => process.send?.(times));
});

async function sendAll({ url, requests, connections, text }: Order): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let left = requests;
  const send = async () => {
    while (left-- > 0) times.push(await sendOne(url, agent, text));
  };
  await Promise.all(Array.from({ length: connections }, send));
  agent.destroy();
  return times;
}

function sendOne(url: string, agent: Agent, text: string): Promise<number> {
  const body = slashCommand('/coverage', text, { trigger_id: `${process.pid}.${++sent}` });
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    'x-slack-request-timestamp': stamp,
    'x-slack-signature': `v0=${signature}`,
  };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const asking = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - began);
        else reject(new Error(`answered ${response.statusCode}`));
      });
    });
    asking.once('error', reject);
    asking.end(body);
  });
}
