import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessError, KubeConfigError } from '../../../src/kubernetes/access-error.ts';
import { ConnectionAgents } from '../../../src/kubernetes/connection-agents.ts';
import { Connections } from '../../../src/kubernetes/connection.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeKubeconfig(user: object, authority = 'one'): string {
  const path = join(folder, 'kubeconfig');
  const cluster = { server: 'https://127.0.0.1:6443/', 'certificate-authority-data': btoa(authority) };
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

describe('Connections', () => {
  it('takes server, token and authority from a kubeconfig', async () => {
    const kubeconfig = writeKubeconfig({ token: 'abc' });
    expect(await new Connections({ kubeconfig, context: null }).current()).toMatchObject({
      server: 'https://127.0.0.1:6443',
      headers: { authorization: 'Bearer abc' },
      tls: { ca: Buffer.from('one') },
    });
  });

  it('prefers the file of a token, relative to the kubeconfig, and reads it again after a refusal', async () => {
    const kubeconfig = writeKubeconfig({ token: 'abc', tokenFile: 'token' });
    writeFileSync(join(folder, 'token'), 'first\n');
    const connections = new Connections({ kubeconfig, context: null });
    const first = await connections.current();
    writeFileSync(join(folder, 'token'), 'second');
    expect((await connections.current()).headers['authorization']).toBe('Bearer first');
    connections.renew(first);
    const second = await connections.current();
    expect(second.headers['authorization']).toBe('Bearer second');
    connections.renew(first);
    expect((await connections.current()).config).toBe(second.config);
  });

  it('reads a kubeconfig again that was written again', async () => {
    const kubeconfig = writeKubeconfig({ token: 'abc' });
    const connections = new Connections({ kubeconfig, context: null });
    await connections.current();
    writeKubeconfig({ token: 'another' });
    expect((await connections.current()).headers['authorization']).toBe('Bearer another');
  });

  it('says what is missing', async () => {
    const kubeconfig = writeKubeconfig({});
    await expect(new Connections({ kubeconfig, context: 'y' }).current()).rejects.toThrow('has no context y');
    await expect(new Connections({ kubeconfig: `${kubeconfig}2`, context: null }).current()).rejects.toThrow(
      'ENOENT',
    );
  });

  it('tells credentials that may come later from a kubeconfig that is wrong', async () => {
    const kubeconfig = writeKubeconfig({ tokenFile: 'token' });
    const connections = new Connections({ kubeconfig, context: null });
    const error = await connections.current().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AccessError);
    expect(error).not.toBeInstanceOf(KubeConfigError);
    expect(error).toMatchObject({
      message: `the credentials that the kubeconfig ${kubeconfig} names cannot be used: ENOENT: no such file or directory, open '${join(folder, 'token')}'`,
      hint: 'check the files and the credential plugin of its user',
    });
    writeFileSync(join(folder, 'token'), 'now');
    expect((await connections.current()).headers['authorization']).toBe('Bearer now');
    const broken = new Connections({ kubeconfig: join(kubeconfig, 'x'), context: null });
    await expect(broken.current()).rejects.toBeInstanceOf(KubeConfigError);
  });
});

describe('ConnectionAgents', () => {
  it('keeps the connections until the certificates change', async () => {
    const agents = new ConnectionAgents();
    const place = { kubeconfig: writeKubeconfig({ token: 'abc' }), context: null };
    const first = agents.for(await new Connections(place).current());
    writeKubeconfig({ token: 'another' });
    expect(agents.for(await new Connections(place).current())).toBe(first);
    writeKubeconfig({ token: 'another' }, 'two');
    const connection = await new Connections(place).current();
    expect(agents.for(connection)).not.toBe(first);
    await agents.close();
    expect(() => agents.for(connection)).toThrow('closed');
  });
});
