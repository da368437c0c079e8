/**
 * What an operator watches, as Prometheus reads it: counters of what this process did, and gauges of what the state holds,
 * which are the same from every process. Ports are measured from outside, so that nothing else knows of it.
 */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Chat } from '../chat/chat.ts';
import type { Ports } from '../ports.ts';
import type { TaskHandler } from '../tasks/tasks.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { watchState } from './state-gauges.ts';

export type Metrics = {
  /** The same ports, with their calls counted. */
  measure(ports: Ports): Ports;
  /** The same handler, with its tasks counted. */
  measureTasks(handle: TaskHandler): TaskHandler;
  /** A request was answered; `path` must be one of few. */
  countRequest(request: { path: string; status: number; seconds: number }): void;
  /** From now on the figures of this state are told too. */
  attach(ports: Pick<Ports, 'store' | 'catalogue' | 'clock' | 'log'>): void;
  /** All of it in Prometheus's text format. */
  text(): Promise<string>;
};

/** Seconds: a message takes parts of one, a processor minutes. */
const buckets = [0.01, 0.05, 0.25, 1, 5, 15, 60, 180, 600, 1800];

/** Makes the metrics of one process. */
export function openMetrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const timer = makeTimer(register);
  const calls = timer('processor_call', 'Calls of processors', ['service', 'result']);
  const tasks = timer('task', 'Tasks performed', ['kind', 'result']);
  const questions = timer('warehouse_question', 'Questions to the warehouse', ['question', 'result']);
  const slack = timer('slack_call', 'Calls of Slack', ['method', 'result']);
  const requests = timer('request', 'Requests answered', ['path', 'status']);
  const refused = counter(register, 'claims_refused_total', 'Cells that could not be claimed', ['reason']);
  const lost = counter(
    register,
    'leases_lost_total',
    'Attempts whose outcome was dropped, since another had taken over',
  );
  const takenOver = counter(register, 'leases_taken_over_total', 'Attempts of dead processes that were taken over');
  let state: ReturnType<typeof watchState> | undefined;
  return {
    measure: (ports) => ({
      ...ports,
      processor: {
        ...ports.processor,
        run: (call, signal) =>
          calls(
            () => ports.processor.run(call, signal),
            (answer) => ({ service: call.service.name, result: answer?.kind ?? 'broken' }),
          ),
      },
      warehouse: measureMethods<Warehouse>(ports.warehouse, questionsOf, (question, ask) =>
        questions(ask, (answer) => ({ question, result: answer === undefined ? 'failed' : 'ok' })),
      ),
      chat: measureMethods<Chat>(ports.chat, methodsOf, (method, ask) =>
        slack(ask, (answer) => ({ method, result: resultOf(answer) })),
      ),
      count: (event, more) => {
        if (event === 'claim refused') refused.inc({ reason: more ?? 'unknown' });
        else if (event === 'lease lost') lost.inc();
        else takenOver.inc();
      },
    }),
    measureTasks: (handle) => async (task) => {
      await tasks(
        async () => {
          await handle(task);
          return 'ok';
        },
        (result) => ({ kind: task.kind, result: result ?? 'failed' }),
      );
    },
    countRequest: ({ path, status, seconds }) => requests.observe({ path, status: String(status) }, seconds),
    attach: (ports) => {
      state ??= watchState(register, ports);
    },
    text: async () => {
      await state?.();
      return register.metrics();
    },
  };
}

const questionsOf = ['readFacts', 'readQuality', 'readMissing', 'readFingerprints', 'check', 'describe'] as const;
const methodsOf = ['post', 'update', 'find', 'whisper', 'link', 'upload', 'members', 'check'] as const;

/** What came back: the kind where there is one, since most of what goes wrong is a value. */
function resultOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'kind' in answer) return String(answer.kind);
  return 'ok';
}

function counter<Label extends string>(register: Registry, name: string, help: string, labelNames: Label[] = []) {
  return new Counter({ name: `backcourt_${name}`, help, labelNames, registers: [register] });
}

type Timer<Labels> = {
  <T>(work: () => Promise<T>, label: (result: T | undefined) => Labels): Promise<T>;
  observe(labels: Labels, seconds: number): void;
};

/** Counts and times under one name: `..._total` with all labels, `..._seconds` with the first. */
function makeTimer(register: Registry) {
  return <Label extends string>(
    name: string,
    help: string,
    labelNames: [Label, Label],
  ): Timer<Record<Label, string>> => {
    const total = counter(register, `${name}s_total`, help, labelNames);
    const [first] = labelNames;
    const seconds = new Histogram({
      name: `backcourt_${name}_seconds`,
      help: `${help}, in seconds`,
      labelNames: [first],
      buckets,
      registers: [register],
    });
    const observe = (labels: Record<Label, string>, took: number) => {
      total.inc(labels);
      seconds.observe({ [first]: labels[first] } as Record<Label, string>, took);
    };
    const run = async <T>(
      work: () => Promise<T>,
      label: (result: T | undefined) => Record<Label, string>,
    ): Promise<T> => {
      const started = process.hrtime.bigint();
      const took = () => Number(process.hrtime.bigint() - started) / 1e9;
      try {
        const result = await work();
        observe(label(result), took());
        return result;
      } catch (error) {
        observe(label(undefined), took());
        throw error;
      }
    };
    return Object.assign(run, { observe });
  };
}

/** The port with some of its methods measured. All of them return promises, and those that are optional may be absent. */
function measureMethods<Port extends object>(
  port: Port,
  names: readonly (keyof Port & string)[],
  measured: (name: string, ask: () => Promise<unknown>) => Promise<unknown>,
): Port {
  const wrapped = names.flatMap((name) => {
    const method = port[name];
    if (typeof method !== 'function') return [];
    return [[name, (...args: unknown[]) => measured(name, () => method.apply(port, args))] as const];
  });
  return { ...port, ...Object.fromEntries(wrapped) };
}
