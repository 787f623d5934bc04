// Before all tests: builds the API server that many of them need, where there is none yet and it can be built. The tests
// themselves have no network to download its parts from.
import { tsImport } from 'tsx/esm/api';

const { buildApiServer } = await tsImport('./support/apiserver.ts', import.meta.url);
buildApiServer();
