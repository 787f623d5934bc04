import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findApiServerProgram, startApiServer, type ApiServer } from './e2e/support/apiserver.ts';
import { findKubectl, ofKind } from './support/built-manifests.ts';
import { cases, otherValues } from './support/chart-cases.ts';
import { findHelm, render } from './support/chart.ts';
import { unknownFields } from './support/known-fields.ts';
import { kubectlAt } from './support/kubectl-at.ts';

const hasHelm = findHelm('the Helm chart in an API server');
const hasKubectl = findKubectl('the Helm chart in an API server');
const program = findApiServerProgram();
if (program === undefined)
  console.log('!!  SKIPPED: the Helm chart in an API server\n!!  - set APISERVER_BIN');

// Those that the server of the tests does not know.
const unknown = /^(apps|policy|monitoring\.coreos\.com)\//;

test.skipIf(!hasHelm).each(cases)(
  'the chart has only fields that Kubernetes knows, with %s',
  (_name, values) => {
    const objects = ofKind(render(values), 'Deployment', 'DaemonSet', 'NetworkPolicy', 'PodDisruptionBudget');
    expect(objects.flatMap((object) => unknownFields(object, `V1${object.kind}`, object.kind))).toEqual([]);
    const [deployment] = ofKind(objects, 'Deployment');
    expect(unknownFields({ ...deployment, spec: { replica: 2 } }, 'V1Deployment')).toEqual(['.spec.replica']);
  },
);

describe.skipIf(!hasHelm || !hasKubectl || program === undefined)('an API server', () => {
  let server: ApiServer | undefined;
  const { run, apply, mayDo } = kubectlAt(() => server?.kubeconfig ?? '');
  beforeAll(async () => {
    server = await startApiServer(program ?? '', { flags: ['--rbac'] });
    for (const namespace of ['fairlead-system', 'shop', 'rds']) run(['create', 'namespace', namespace]);
  });
  afterAll(() => server?.stop());

  test.each(cases)('takes the objects of the chart with %s', (_name, values) => {
    const known = render(values).filter(
      ({ apiVersion, kind }) => !unknown.test(apiVersion) && kind !== 'NetworkPolicy',
    );
    const namespaces = ofKind(known, 'Namespace');
    if (namespaces.length > 0) apply(namespaces);
    expect(apply(known, '--dry-run=server').trim().split('\n')).toHaveLength(known.length);
  });

  test('lets Fairlead do in the namespaces that are named what it has to', () => {
    apply(
      ofKind(
        render(otherValues),
        'ServiceAccount',
        'ClusterRole',
        'ClusterRoleBinding',
        'Role',
        'RoleBinding',
      ),
    );
    const listed = ['shop', 'rds', 'kube-system', ''].map((namespace) => [
      mayDo({ verb: 'list', group: '', resource: 'secrets', namespace }),
      mayDo({ verb: 'patch', group: '', resource: 'services', namespace }),
    ]);
    expect(listed).toEqual([
      [true, true],
      [true, true],
      [false, false],
      [false, false],
    ]);
    expect(mayDo({ verb: 'list', group: 'networking.k8s.io', resource: 'ingressclasses' })).toBe(true);
    const lease = { group: 'coordination.k8s.io', resource: 'leases', namespace: 'fairlead-system' };
    expect(mayDo({ ...lease, verb: 'update', name: 'fairlead' })).toBe(true);
    expect(mayDo({ ...lease, verb: 'update', name: 'other' })).toBe(false);
  });
});
