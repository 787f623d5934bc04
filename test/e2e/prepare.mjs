// Before all tests: builds the API server that many of them need and the conformance suite of the Gateway API, where they are not there yet and
// can be built. The tests themselves have no network to download their parts from.
import { tsImport } from 'tsx/esm/api';

const { buildApiServer } = await tsImport('./support/apiserver.ts', import.meta.url);
const { buildConformance } = await tsImport('./support/conformance/rig.ts', import.meta.url);
buildApiServer();
buildConformance();
