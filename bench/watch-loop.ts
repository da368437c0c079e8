/**
 * The longest time for which the event loop took nothing else, and the most memory. Of the time by the clock and the
 * processor time between two turns the lesser counts: on a busy machine the clock also counts what others do, and the
 * processor time what other threads of this process do.
 */
export type Watched = { readonly longestBlock: number; readonly memory: number };

const megabyte = 1024 * 1024;

/** Begins to watch; what is returned ends it and tells milliseconds, and megabytes above the beginning. */
export function watchLoop(): () => Watched {
  const before = process.memoryUsage.rss();
  let most = before;
  let longestBlock = 0;
  let clock = performance.now();
  let cpu = process.cpuUsage();
  const look = () => {
    const used = process.cpuUsage(cpu);
    const worked = Math.min(performance.now() - clock, (used.user + used.system) / 1000);
    longestBlock = Math.max(longestBlock, worked);
    clock = performance.now();
    cpu = process.cpuUsage();
  };
  const turns = setInterval(look, 2);
  const memory = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  return () => {
    look();
    clearInterval(turns);
    clearInterval(memory);
    most = Math.max(most, process.memoryUsage.rss());
    return { longestBlock, memory: (most - before) / megabyte };
  };
}
