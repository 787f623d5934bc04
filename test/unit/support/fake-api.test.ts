import { describeApiContract } from '../../support/api-contract.ts';
import { startFakeApi } from '../../support/fake-api/start-fake-api.ts';

describeApiContract('the fake', startFakeApi);
