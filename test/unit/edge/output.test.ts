import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OutputFollower, readLength } from '../../../src/edge/output-follower.ts';
import { findStartFailure, toOutputLine } from '../../../src/edge/output-line.ts';

describe('a line of Traefik', () => {
  test('has its level and its error', () => {
    const line = '{"level":"error","error":"dial tcp: refused","time":"…","message":"Provider error"}';
    expect(toOutputLine(line)).toEqual({ level: 'error', text: 'Provider error: dial tcp: refused' });
    expect(toOutputLine('{"level":"fatal","message":"x"}')).toEqual({ level: 'error', text: 'x' });
    expect(toOutputLine('panic: nil')).toEqual({ level: 'error', text: 'panic: nil' });
    expect(toOutputLine('{"level":"error","mess')).toEqual({
      level: 'error',
      text: '{"level":"error","mess',
    });
  });

  test.each([
    [
      'error opening listener: listen tcp :443: bind: address already in use',
      'port 443/tcp of bank 2 is in use by another process; end that one, or take the port out of the pool',
    ],
    [
      'listen udp 192.0.2.1:53: bind: permission denied',
      'port 53/udp of bank 2 may be opened with a right only; give this program CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities)',
    ],
    [
      'listen tcp4 192.0.2.1:53: bind: cannot assign requested address',
      'port 53/tcp of bank 2 cannot be opened: 192.0.2.1:53 is no address of this host; see --bind',
    ],
    [
      'accept tcp [::]:80: accept4: too many open files',
      'Traefik of bank 2 may not open as many files as it has ports and connections; raise the limit (systemd: LimitNOFILE)',
    ],
    ['Provider error: connection refused', undefined],
  ])('%s', (text, failure) => {
    expect(findStartFailure(text, 2)).toBe(failure);
  });
});

function makeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-edge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'x.log');
}

describe('the output of a process', () => {
  test('is passed on line by line, from where it was asked for', async () => {
    const file = makeFile();
    writeFileSync(file, 'before\n');
    const lines: string[] = [];
    const follower = new OutputFollower(file, await readLength(file), (line) => lines.push(line));
    appendFileSync(file, 'one\n\ntwo\nthr');
    await follower.read();
    expect(lines).toEqual(['one', 'two']);
    appendFileSync(file, 'ee\n');
    await follower.read();
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  test('never takes more of a line, or of the disk, than it may', async () => {
    const file = makeFile();
    const lines: string[] = [];
    const follower = new OutputFollower(file, 0, (line) => lines.push(line));
    writeFileSync(file, `${'x'.repeat(3_000_000)}\nshort\n`);
    await follower.read();
    expect(lines.map((line) => line.length)).toEqual([2_000, 5]);
    expect(statSync(file).size).toBe(0);
    appendFileSync(file, 'next\n');
    await follower.read();
    expect(lines.at(-1)).toBe('next');
  });

  test('of a file that is not there is nothing', async () => {
    await new OutputFollower(makeFile(), 0, () => expect.unreachable()).read();
  });
});
