/** A rule of Traefik, with what it asks for set off from its syntax. */
export function Rule({ rule }: { readonly rule: string }) {
  if (rule === '') return <span class="quiet">everything</span>;
  // What is between quotes or backticks is a tenant's text, and stays text.
  const parts = rule.split(/("(?:[^"\\]|\\.)*"|`[^`]*`)/);
  return (
    <code class="rule">
      {parts.map((part, index) => (index % 2 === 1 ? <b key={index}>{part}</b> : part))}
    </code>
  );
}
