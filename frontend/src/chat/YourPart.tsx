import type { Dialogue } from "../state";

type Given = Pick<Dialogue, "persona" | "background">;

/** Whether a dialogue gives its person anything to go by. */
export function hasPart({ persona, background }: Given): boolean {
  return persona.length > 0 || background !== "";
}

/** Who the person is to be in this chat, and what both of the two know. The partner's part is never sent to the page. */
export function YourPart({ persona, background }: Given) {
  return (
    <>
      {persona.length > 0 && (
        <section className="part">
          <h2>Who you are in this chat</h2>
          <ul>
            {[...new Set(persona)].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p>Speak as this person would, in words of your own.</p>
        </section>
      )}
      {background !== "" && (
        <section className="part">
          <h2>What you both know</h2>
          <p className="background">{background}</p>
        </section>
      )}
    </>
  );
}
