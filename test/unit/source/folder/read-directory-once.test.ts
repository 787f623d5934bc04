import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { toObjectPath } from '../../../../src/model/object-ref.ts';
import { readDirectoryOnce } from './read-directory-once.ts';
import { createFolder, serviceYaml } from './support.ts';

it('names files by the path as it was given', async () => {
  const folder = await createFolder();
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub/a.yaml'), 'kind: [');
  const given = relative(process.cwd(), folder);
  const { problems } = await readDirectoryOnce(given, 'test');
  expect(problems.map(({ location }) => location?.file)).toEqual([join(given, 'sub/a.yaml')]);
});

it('takes a single file as well', async () => {
  const file = join(await createFolder(), 'a.yaml');
  await writeFile(file, `${serviceYaml('a')}---\nkind: Service\n`);
  const { objects, problems } = await readDirectoryOnce(file, 'test');
  expect(objects).toHaveLength(1);
  expect(problems).toMatchObject([{ code: 'object-malformed', location: { file, line: 9 } }]);
});

it('tells of a folder that is not there', async () => {
  const { objects, problems } = await readDirectoryOnce('/nowhere/at/all', 'test');
  expect(objects).toEqual([]);
  expect(problems).toMatchObject([
    { code: 'source-unreadable', message: 'The folder /nowhere/at/all does not exist' },
  ]);
});

/** As users write them: flow style, comments, an API version of its time, Endpoints by hand. */
const scenarios = {
  'ceph.yaml': `apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: rook-ceph-ingress
  namespace: rook-ceph
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
    nginx.ingress.kubernetes.io/backend-protocol: HTTPS
spec:
  rules:
    - host: k8s-ceph-dashboard.calmkart.com
      http:
        paths:
          - path: /
            backend:
              serviceName: rook-ceph-mgr-dashboard
              servicePort: 8443
---
apiVersion: v1
kind: Service
metadata: { name: ingress-nginx, namespace: ingress-nginx }
spec:
  clusterIP: 10.96.139.222
  externalIPs: [10.1.33.159]
  ports: [{ name: http, port: 80 }, { name: https, port: 443 }]
`,
  'rds.yaml': `apiVersion: v1
kind: Service
metadata:
  name: mysqlcluster
  namespace: default
  annotations:
    ingress: haproxy-ingress          # asks; the controller answers with haproxy-ingress/3306: "26735"
  labels:
    app: mysqlcluster
spec:
  type: ClusterIP
  ports:
    - name: mysql
      port: 3306
      protocol: TCP
      targetPort: 3306
  selector:
    Name: mysqlcluster
`,
  'edge.yaml': `# six HTTPS hosts of an older cluster behind one name
apiVersion: v1
kind: Service
metadata:
  name: rancher-edge
  namespace: bbs
  annotations:
    fairlead.dev/insecure-skip-verify: "true"
    fairlead.dev/weights: 192.168.7.40=5,192.168.7.41=5
    fairlead.dev/fail-timeout: 3s
spec:
  clusterIP: None
  ports: [{ name: https, port: 443 }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: rancher-edge-1, namespace: bbs, labels: { kubernetes.io/service-name: rancher-edge } }
addressType: IPv4
ports: [{ name: https, port: 443, protocol: TCP }]
endpoints:
  - { addresses: [192.168.7.40] }
  - { addresses: [192.168.7.41], conditions: { ready: false, serving: false, terminating: false } }   # failed its probe
`,
  'bbs.yaml': `apiVersion: v1
kind: Endpoints
metadata: { name: bbs-ui, namespace: bbs }
subsets:
  - addresses: [{ ip: 192.168.7.57 }]
    ports: [{ name: http, port: 8001 }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: bbs, namespace: bbs }
spec:
  ingressClassName: fairlead
  tls: [{ hosts: [bbs.test.com], secretName: bbs-tls }]
  rules:
    - host: bbs.test.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: bbs-ui, port: { number: 8001 } } } }
          - { path: /api, pathType: Prefix, backend: { service: { name: bbs-api, port: { name: http } } } }
`,
};

it('reads manifests as their users wrote them', async () => {
  const folder = await createFolder();
  for (const [name, text] of Object.entries(scenarios)) await writeFile(join(folder, name), text);
  const { objects, problems } = await readDirectoryOnce(folder, 'test');
  expect(problems).toEqual([]);
  expect(objects.map(({ meta }) => toObjectPath(meta.ref)).sort()).toEqual([
    'EndpointSlice/bbs/rancher-edge-1',
    'Endpoints/bbs/bbs-ui',
    'Ingress/bbs/bbs',
    'Ingress/rook-ceph/rook-ceph-ingress',
    'Service/bbs/rancher-edge',
    'Service/default/mysqlcluster',
    'Service/ingress-nginx/ingress-nginx',
  ]);
  expect(objects.find(({ meta }) => meta.ref.name === 'rook-ceph-ingress')).toMatchObject({
    rules: [{ paths: [{ backend: { kind: 'service', name: 'rook-ceph-mgr-dashboard', port: 8443 } }] }],
  });
  expect(objects.find(({ meta }) => meta.ref.name === 'rancher-edge-1')).toMatchObject({
    endpoints: [{ ready: true }, { ready: false, serving: false }],
  });
});
