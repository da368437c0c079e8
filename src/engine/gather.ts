/**
 * Work that costs as much for many as for one. What is asked for while a round is under way goes together into the next
 * one, never into the one under way, which may have read before; so nobody waits for company, and the more there is to
 * do, the less each costs.
 */

/**
 * Makes a function that gathers what it is asked.
 * @param giveWay lets what is ready have its turn, so that it joins the round: an embedded database answers without ever
 *   leaving the thread, and calls that ended meanwhile would be heard of one by one
 * @param perform gets all that was asked meanwhile, and answers in the same order; when it throws, all of them are told
 */
export function gather<Asked, Answer>(
  giveWay: () => Promise<void>,
  perform: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
): (asked: Asked) => Promise<Answer> {
  let waiting: Waiting<Asked, Answer>[] = [];
  let busy = false;
  const serve = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      await giveWay();
      const round = waiting;
      waiting = [];
      await serveRound(round, perform);
    }
    busy = false;
  };
  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      if (!busy) void serve();
    });
}

type Waiting<Asked, Answer> = {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

async function serveRound<Asked, Answer>(
  round: readonly Waiting<Asked, Answer>[],
  perform: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await perform(round.map(({ asked }) => asked));
    for (const [n, one] of round.entries()) {
      if (n in answers) one.resolve(answers[n] as Answer);
      else one.reject(new Error('a round of work left one of its questions without an answer'));
    }
  } catch (error) {
    for (const one of round) one.reject(error);
  }
}
