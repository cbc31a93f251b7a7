import type { ShownDialogue } from "./dialogues";

/** Who the bot was told to be. */
export function Persona({ dialogue }: { readonly dialogue: ShownDialogue }) {
  if (dialogue.persona.length === 0) return null;
  return (
    <section className="persona">
      <h2>About {dialogue.names.system}</h2>
      <ul>
        {dialogue.persona.map((fact, place) => (
          <li key={place} dir="auto">
            {fact}
          </li>
        ))}
      </ul>
    </section>
  );
}
