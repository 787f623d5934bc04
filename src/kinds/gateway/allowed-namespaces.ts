import type { AllowedNamespaces, LabelSelector } from '../../model/gateway-specs.ts';
import { malformed, reportMalformed } from '../../lib/raw-fields.ts';
import { toRecord } from '../meta.ts';
import { shareText } from '../share.ts';
import {
  listAt,
  placeAt,
  reportAt,
  requiredTextAt,
  textsAt,
  wordAt,
  type Place,
  type TextRule,
} from './place.ts';

/** More than any selector needs; the API server has no limit of its own. */
const mostLabels = 64;
const mostValues = 256;

const labelKey: TextRule = { most: 317, wanted: 'the key of a label' };
const labelValue: TextRule = { most: 63, wanted: 'the value of a label' };

const none: AllowedNamespaces = { from: 'None' };

/** `namespaces` of what says who may attach. Where it cannot be read, nobody may. */
export function toAllowedNamespaces(
  parent: Place | undefined,
  words: readonly ['None' | 'Same', ...AllowedNamespaces['from'][]],
): AllowedNamespaces {
  const place = parent && placeAt(parent, 'namespaces');
  if (place === undefined) return { from: words[0] };
  if (place === malformed) return none;
  const from = wordAt(place, 'from', words);
  if (from === malformed) return none;
  if (from !== 'Selector') return { from };
  const selector = toLabelSelector(place);
  return selector === undefined ? none : { from, selector };
}

function toLabelSelector(parent: Place): LabelSelector | undefined {
  const place = placeAt(parent, 'selector');
  if (place === undefined) reportAt(parent, 'selector', 'a mapping with matchLabels or matchExpressions');
  if (place === undefined || place === malformed) return undefined;
  const matchLabels = toMatchLabels(place);
  const matchExpressions = listAt(place, 'matchExpressions', mostLabels, toExpression);
  if (matchLabels === undefined || matchExpressions === malformed || !matchExpressions.isWhole)
    return undefined;
  return { matchLabels, matchExpressions: matchExpressions.entries };
}

function toMatchLabels(selector: Place): LabelSelector['matchLabels'] | undefined {
  const place = placeAt(selector, 'matchLabels');
  if (place === malformed) return undefined;
  const labels = Object.entries(place?.raw ?? {});
  const field = `${selector.field}.matchLabels`;
  const pairs: [string, string][] = [];
  for (const [key, value] of labels.slice(0, mostLabels)) {
    if (typeof value === 'string') pairs.push([shareText(key), shareText(value)]);
    else reportMalformed(selector.report, `${field}[${key}]`, value, 'a text');
  }
  if (labels.length > mostLabels)
    reportAt(selector, 'matchLabels', `a mapping of at most ${mostLabels} labels`);
  return pairs.length === labels.length ? toRecord(pairs) : undefined;
}

function toExpression(place: Place): LabelSelector['matchExpressions'][number] | undefined {
  const key = requiredTextAt(place, 'key', labelKey);
  const { operator } = place.raw;
  const values = textsAt(place, 'values', mostValues, labelValue);
  if (operator !== 'DoesNotExist' && operator !== 'Exists' && operator !== 'In' && operator !== 'NotIn') {
    reportAt(place, 'operator', 'In, NotIn, Exists or DoesNotExist');
    return undefined;
  }
  if (key === malformed || values === malformed || !values.isWhole) return undefined;
  return { key: shareText(key), operator, values: values.entries };
}
