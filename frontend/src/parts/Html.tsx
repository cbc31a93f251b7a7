/** The researcher's HTML, which the server has sanitised. Nothing else may be shown through this. */
export function Html({ html }: { readonly html: string }) {
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
