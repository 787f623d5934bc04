import { importedPool, type ImportedPort } from '../../model/imported-port.ts';
import type { Service } from '../../model/objects.ts';
import type { HeldPort, HolderPart, PortClaim } from '../../model/ports.ts';
import type { Report } from '../../model/problem.ts';

/** A claim, and whether its backend is told the client by the PROXY protocol because an import says so. */
export interface ImportClaim {
  readonly claim: PortClaim;
  readonly toBackend: boolean;
}

/**
 * The claims that imports make for a Service. The number is part of what claims: so one Service port may have several, and two
 * Services can change numbers in one step.
 */
export function toImportClaims({ meta }: Service, imports: readonly ImportedPort[]): readonly ImportClaim[] {
  return imports.map(({ fleet, protocol, port, servicePort, toBackend = false, field }) => ({
    claim: {
      fleet,
      pools: [importedPool],
      pool: importedPool,
      holder: meta.ref,
      part: toPart(port),
      servicePort,
      protocols: [protocol],
      requested: port,
      field,
      ...(meta.created !== undefined && { created: meta.created }),
    },
    toBackend,
  }));
}

function toPart(port: number): HolderPart {
  return { kind: 'listener', name: `import-${port}` };
}

/**
 * The claims of the annotations of a Service, without those that imports meet. Where an import has gone, its number stays with the
 * Service port that asks by an annotation now: clients know it.
 */
export function withoutImported(
  claims: readonly PortClaim[],
  imports: readonly ImportedPort[],
  held: readonly HeldPort[],
  report: Report,
): readonly PortClaim[] {
  return claims.flatMap((claim) => {
    if (claim.part !== undefined) return [claim];
    const given = imports.filter(
      ({ fleet, servicePort }) => fleet === claim.fleet && servicePort === claim.servicePort,
    );
    const kept = claim.requested === undefined ? listKept(claim, imports, held) : [];
    if (given.length + kept.length === 0) return [claim];
    if (claim.requested !== undefined) reportRequest(claim, given, report);
    const met = new Set([
      ...given.map(({ protocol }) => protocol),
      ...kept.flatMap((each) => each.protocols),
    ]);
    const protocols = claim.protocols.filter((protocol) => !met.has(protocol));
    return [...kept, ...(protocols.length === 0 ? [] : [{ ...claim, protocols }])];
  });
}

/** A claim for each number that an import gave before. */
function listKept(
  claim: PortClaim,
  imports: readonly ImportedPort[],
  held: readonly HeldPort[],
): readonly PortClaim[] {
  return held.flatMap(({ fleet, pool, part, servicePort, port, protocols }) => {
    if (pool !== importedPool || fleet !== claim.fleet || servicePort !== claim.servicePort) return [];
    const isGiven = (protocol: string): boolean =>
      imports.some(
        (each) =>
          each.fleet === fleet &&
          each.protocol === protocol &&
          (each.port === port || each.servicePort === servicePort),
      );
    const on = protocols.filter((protocol) => claim.protocols.includes(protocol) && !isGiven(protocol));
    return on.length === 0 ? [] : [{ ...claim, pools: [pool], pool, ...(part && { part }), protocols: on }];
  });
}

function reportRequest(
  { servicePort, requested, field }: PortClaim,
  given: readonly ImportedPort[],
  report: Report,
): void {
  const [first] = given;
  if (first === undefined || given.some(({ port }) => port === requested)) return;
  report('port-request-refused', {
    field,
    message: `Service port ${servicePort} has port ${first.port} by ${first.field}, and gets no other`,
    hint: 'Remove the request, or remove the entry of the import.',
  });
}
