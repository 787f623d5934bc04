import type { ApiServer } from './apiserver.ts';
import { makeTempFolder, type Cleanup } from './cleanup.ts';
import { startFairlead, type Fairlead } from './fairlead.ts';

/** Starts a Fairlead of one cluster without a Traefik: one of the replicas that share its Lease and its ledger. */
export async function startLoneReplica(
  { kubeconfig }: Pick<ApiServer, 'kubeconfig'>,
  cleanup: Cleanup,
): Promise<Fairlead> {
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const config = {
    sources: [{ name: 'prod', kubernetes: { kubeconfig } }],
    fleets: [{ name: 'default', addresses: ['edge.example.com'], ports: { tcp: { range: '20000-20099' } } }],
    ledger: { configMap: 'fairlead-system/fairlead-ports' },
    leaderElection: { lease: 'fairlead-system/fairlead' },
  };
  return cleanup.keep(await startFairlead({ cwd: folder.path, config }));
}
