// A program of its own, so that it can be paused and killed. Arguments: the path of a kubeconfig, the name of the Lease, and
// its timings as JSON. Prints a line for each look at whether it leads.
import { pino } from 'pino';
import { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import { LeaderElection, type LeaderTimings } from '../../../src/kubernetes/leader-election.ts';

const [kubeconfig = '', name = '', timingsText = ''] = process.argv.slice(2);
const timings: LeaderTimings = JSON.parse(timingsText);
const client = new KubeClient({ kubeconfig, context: null });
const election = new LeaderElection({
  client,
  namespace: 'fairlead-system',
  name,
  log: pino({ level: 'silent' }),
  timings,
});
election.start();
setInterval(() => console.log(JSON.stringify({ at: Date.now(), leading: election.isLeader })), 10);
