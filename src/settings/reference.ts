import { eachField, listItem, rootField, type Field } from './fields.ts';
import { processVariables, toVariableName } from './variable-names.ts';
import { toFlowYaml } from './yaml-text.ts';

/**
 * The reference of the configuration for the documentation, as Markdown: a table of the fields for each section of
 * the file, then the other environment variables. Generated from the schema; ends with a line break.
 */
export function settingsReference(): string {
  const sections = rootField.children.map(toSection);
  const others = toTable(
    ['variable', 'meaning'],
    Object.entries(processVariables).map(([name, meaning]) => [toCode(name), meaning]),
  );
  return `${[...sections, `## Other environment variables\n\n${others}`].join('\n\n')}\n`;
}

function toSection(section: Field): string {
  const fields = [section, ...eachField(section)].filter(({ path }) => path.at(-1) !== listItem);
  const table = toTable(['field', 'type', 'default', 'environment variable', 'meaning'], fields.map(toRow));
  return `## ${toShownPath(section)}\n\n${table}`;
}

function toRow(field: Field): readonly string[] {
  return [
    toCode(toShownPath(field)),
    toType(field),
    toStandard(field),
    toCode(toVariableName(field.path).replaceAll(listItem, '0')),
    field.meta.description,
  ];
}

/** `fleets[].ports.tcp.range`. */
function toShownPath({ path }: Field): string {
  return path.join('.').replaceAll(`.${listItem}`, '[]');
}

function toType(field: Field): string {
  const type =
    field.kind === 'choice' ? field.choices.map(toCode).join(' or ') : (field.meta.type ?? toKindName(field));
  return field.nullable ? `${type}, or null` : type;
}

function toKindName({ kind, children }: Field): string {
  const [item] = children;
  if (kind !== 'list' || !item) return kind;
  return item.kind === 'text' ? 'list of texts' : `list of ${item.kind}s`;
}

function toStandard({ meta, standard, mandatory, kind, nullable, children }: Field): string {
  if (meta.defaultText !== undefined) return meta.defaultText;
  if (mandatory) return 'required';
  if (standard === undefined) return 'none';
  return kind === 'object' && children.length > 0 && !(nullable && standard === null)
    ? 'see its fields'
    : toCode(toFlowYaml(standard));
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(toLine).join('\n');
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function toCode(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
