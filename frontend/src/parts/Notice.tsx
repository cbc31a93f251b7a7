/** The server's sentence about a message that it did not take; nothing where there is none. */
export function Notice({ text }: { readonly text: string }) {
  return (
    <p role="alert" className="notice" hidden={text === ""} dir="auto">
      {text}
    </p>
  );
}
