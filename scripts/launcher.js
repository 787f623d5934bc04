#!/usr/bin/env node
// What users start. Written for every Node there has been since 10, in which the bundle itself would be a syntax error.
var version = process.versions.node.split('.').map(Number);
var least = 'LEAST_NODE'.split('.').map(Number);
if (version[0] < least[0] || (version[0] === least[0] && version[1] < least[1])) {
  console.error('fairlead: Node ' + version.join('.') + ' is too old; install Node LEAST_NODE or later');
  process.exit(2);
}
void import('./fairlead.mjs');
