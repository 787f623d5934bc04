import { spawnSync } from 'node:child_process';
import * as z from 'zod';
import type { AnyObject } from './built-manifests.ts';

/** `kubectl` towards one API server. */
export interface Kubectl {
  /** What it prints. @throws Error with what it says when it fails. */
  readonly run: (args: readonly string[], input?: unknown) => string;
  /** Applies on the server, with every unknown field a mistake. */
  readonly apply: (items: readonly AnyObject[], ...more: readonly string[]) => string;
  /** Whether Fairlead may do it, by the ServiceAccount `fairlead` in `fairlead-system`. */
  readonly mayDo: (resourceAttributes: object) => boolean;
}

const answer = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** `kubeconfig` is the path of one; it is asked for with each call, as a server starts later than its tests are named. */
export function kubectlAt(kubeconfig: () => string): Kubectl {
  const run = (args: readonly string[], input: unknown = {}): string => {
    const { status, stdout, stderr } = spawnSync('kubectl', ['--kubeconfig', kubeconfig(), ...args], {
      input: JSON.stringify(input),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  return {
    run,
    apply: (items, ...more) =>
      run(['apply', '--server-side', '--validate=strict', ...more, '-f', '-'], {
        apiVersion: 'v1',
        kind: 'List',
        items,
      }),
    mayDo: (resourceAttributes) => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: 'system:serviceaccount:fairlead-system:fairlead', resourceAttributes },
      };
      return answer.parse(JSON.parse(run(['create', '-o', 'json', '-f', '-'], review))).status.allowed;
    },
  };
}
