import { describe, expect, it } from 'vitest';
import { kinds } from '../../../src/kinds/index.ts';
import { AccessError } from '../../../src/kubernetes/access-error.ts';
import { HandlerFault, toFailure } from '../../../src/kubernetes/failure.ts';
import { KubeError } from '../../../src/kubernetes/kube-error.ts';

const watching = { verb: 'watch', kind: kinds.Ingress, namespace: '' } as const;
const answer = (status: number, retryAfterMs?: number): KubeError =>
  new KubeError(status, '', 'no', retryAfterMs);

describe('toFailure', () => {
  it('lists again at once, without a word, when the version is too old', () => {
    expect(toFailure(answer(410), watching)).toMatchObject({ wait: 'not', relist: true, detail: '' });
  });

  it('waits long for a right, and says which', () => {
    expect(toFailure(answer(403), { ...watching, namespace: 'shop' })).toMatchObject({
      wait: 'long',
      denied: true,
      detail: 'The role lacks the verb watch on ingresses.networking.k8s.io in the namespace shop.',
      hint: 'Grant list and watch on ingresses of the API group networking.k8s.io by a Role in the namespace shop.',
    });
  });

  it('waits as long as the server says when it is busy', () => {
    expect(toFailure(answer(429, 7_000), watching).wait).toEqual({ ms: 7_000 });
    expect(toFailure(answer(503, 7_000), watching).wait).toEqual({ ms: 7_000 });
    expect(toFailure(answer(503), watching).wait).toBe('back-off');
  });

  it('backs off and keeps its version after any other answer or a cut connection', () => {
    for (const error of [answer(500), answer(401), answer(0), new Error('reset'), 'odd']) {
      const failure = toFailure(error, watching);
      expect(failure).toMatchObject({ wait: 'back-off' });
      expect(failure.relist).toBeUndefined();
    }
  });

  it('says of credentials that cannot be read what all kinds have in common', () => {
    const error = new AccessError('the kubeconfig /k is empty', 'name another one');
    const said = { detail: 'The kubeconfig /k is empty.', hint: 'Name another one.', common: true };
    expect(toFailure(error, watching)).toEqual({ wait: 'back-off', ...said });
    const away = Object.assign(new KubeError(0, 'ECONNREFUSED', 'no'), { server: 'https://east:6443' });
    expect(toFailure(away, watching)).toMatchObject({
      detail: 'The API server https://east:6443 does not answer: no.',
      common: true,
    });
  });

  it('lists again when events are lost: the listener failed, a line was damaged, the version lies in the future', () => {
    expect(toFailure(new HandlerFault('x'), watching).relist).toBe(true);
    expect(toFailure(new SyntaxError('x'), watching).relist).toBe(true);
    const future = new KubeError(504, 'Timeout', 'Too large resource version: 9, current: 5');
    expect(toFailure(future, watching)).toMatchObject({ wait: 'back-off', relist: true });
  });
});
