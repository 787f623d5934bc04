import type { Logger } from 'pino';
import type { LeaderTasks } from '../control-plane/control-plane-options.ts';
import type { Observer } from '../model/observer.ts';
import type { Settings } from '../settings/settings.ts';
import { KubeClient } from '../kubernetes/kube-client.ts';
import { LeaderElection } from '../kubernetes/leader-election.ts';
import { countBanks } from '../model/bank.ts';
import { ConfigMapPollBoard, type PollBoard } from '../ports/banks/poll-board.ts';
import { WriteBack } from '../write-back/write-back.ts';
import type { Sources } from './create-sources.ts';

/** What a Fairlead that reads clusters does besides serving; undefined when it reads none. The Lease is where the ledger is. */
export function createLeaderTasks(
  settings: Settings,
  { clusters }: Sources,
  log: Logger,
  observer: Observer,
): LeaderTasks | undefined {
  const home = 'source' in settings.ledger ? settings.ledger.source : clusters.keys().next().value;
  const place = settings.sources.find((source) => source.name === home);
  if (place === undefined || !('kubernetes' in place)) return undefined;
  // A connection of its own: behind many other requests a renewal would come too late.
  const client = new KubeClient(place.kubernetes);
  const ledger =
    'configMap' in settings.ledger
      ? `${settings.ledger.configMap.namespace}/${settings.ledger.configMap.name}`
      : undefined;
  const election = new LeaderElection({ client, ...settings.leaderElection.lease, ledger, log });
  const clients = new Map([...clusters].map(([name, cluster]) => [name, cluster.client]));
  return {
    board: createBoard(settings, client, election.identity, log),
    leader: {
      get isLeader() {
        return election.isLeader;
      },
      onChange: (changed) => election.onChange(changed),
      start: () => election.start(),
      stop: async () => {
        await election.stop();
        await client.close();
      },
    },
    writeBack: new WriteBack({
      settings,
      clients,
      isLeader: () => election.isLeader,
      observer,
      log,
    }),
  };
}

/** Replicas tell each other who polls them beside the ledger that they share. */
function createBoard(
  { fleets, ledger }: Settings,
  client: KubeClient,
  identity: string,
  log: Logger,
): PollBoard | undefined {
  if (!('configMap' in ledger) || fleets.every((fleet) => countBanks(fleet) === 1)) return undefined;
  return new ConfigMapPollBoard({ client, ...ledger.configMap, identity, log });
}
