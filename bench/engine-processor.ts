/**
 * Run by `start-service.ts` in a process of its own, so that it does not share the event loop with what is measured: a
 * service over loopback HTTP that works as long as its path says (`/5`: five milliseconds; `/drawn`) and then answers.
 * Prints its address, and ends with its standard input.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delayOf } from './engine-catalogue.ts';

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => {
    body += part;
  });
  request.on('end', () => {
    const { date, processor } = JSON.parse(body) as { date: string; processor: string };
    const path = request.url?.slice(1) ?? '0';
    const delay = delayOf(path === 'drawn' ? 'drawn' : Number(path), date);
    const results = [{ processor, status: 'success' }];
    const answer = () => response.end(JSON.stringify({ status: 'completed', results }));
    if (delay > 0) setTimeout(answer, delay);
    else answer();
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.stdin.resume().once('end', () => process.exit());
