// A program of its own, so that its processor time is not that of what it polls. Arguments: a URL, and how many clients. Prints a line of JSON
// for each revision that all of them have got in full, with when each had it, and for each poll that failed.
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** As in the static configuration that Fairlead prints. */
const pollIntervalMs = 200;
const [url = '', countText = '1'] = process.argv.slice(2);
const count = Number(countText);
/** By revision, when those had it that have got it: milliseconds since 1970. */
const arrivals = new Map<string, number[]>();

function arrived(revision: string): void {
  const times = arrivals.get(revision) ?? [];
  arrivals.set(revision, times);
  times.push(Date.now());
  if (times.length < count) return;
  arrivals.delete(revision);
  console.log(JSON.stringify({ revision, times }));
}

/** Resolves with the revision when the last byte has come. What came is dropped: only Traefik needs it. */
function poll(agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { 'accept-encoding': 'gzip' }, timeout: 10_000 });
    request.once('timeout', () => request.destroy(new Error('it did not answer'))).once('error', reject);
    request.once('response', (incoming) => {
      const { statusCode = 0, headers } = incoming;
      incoming.resume().once('error', reject);
      incoming.once('end', () => {
        if (statusCode === 200) resolve(String(headers['x-fairlead-revision']));
        else reject(new Error(`it answered ${statusCode}`));
      });
    });
  });
}

/** As Traefik does: on a kept connection, at once after an answer that took longer than the interval. */
async function follow(): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let had: string | undefined;
  for (;;) {
    const began = performance.now();
    const revision = await poll(agent).catch((error: unknown) => {
      console.log(JSON.stringify({ error: String(error) }));
      return had;
    });
    if (revision !== undefined && revision !== had) arrived(revision);
    had = revision;
    const left = pollIntervalMs - (performance.now() - began);
    if (left > 0) await sleep(left);
  }
}

for (let client = 0; client < count; client++) void follow();
