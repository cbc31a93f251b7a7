import { useRef, useState } from "react";

import { useMedia } from "../parts/useMedia";
import type { DialogueOpened } from "../wire";
import { PictureDialog } from "./PictureDialog";

const WIDE = "(min-width: 60rem)";

type Picture = NonNullable<DialogueOpened["picture"]>;

interface Props {
  readonly picture: Picture;
}

/** What the chat is about: beside it where there is room, else above it, where it can be folded away. */
export function PicturePane({ picture }: Props) {
  const isWide = useMedia(WIDE);
  if (isWide) {
    return (
      <aside className="picture" aria-label="Picture">
        <PictureButton key={picture.id} picture={picture} />
      </aside>
    );
  }
  return (
    <details className="picture" open>
      <summary>Picture</summary>
      <section aria-label="Picture">
        <PictureButton key={picture.id} picture={picture} />
      </section>
    </details>
  );
}

/** The picture, which enlarges when it is pressed; or a sentence where it cannot be shown. */
export function PictureButton({ picture }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [isBroken, setIsBroken] = useState(picture.source === "");
  const [isLarge, setIsLarge] = useState(false);
  if (isBroken) return <Missing caption={picture.caption} />;
  const alt = picture.caption === "" ? "The picture that this chat is about. Nobody has described it." : picture.caption;
  const close = () => {
    setIsLarge(false);
    button.current?.focus();
  };
  return (
    <>
      <button type="button" className="enlarge" ref={button} aria-haspopup="dialog" onClick={() => setIsLarge(true)}>
        <img src={picture.source} alt={alt} onError={() => setIsBroken(true)} />
        <span>Enlarge</span>
      </button>
      {isLarge && <PictureDialog source={picture.source} alt={alt} onClose={close} />}
    </>
  );
}

function Missing({ caption }: { readonly caption: string }) {
  return (
    <div className="picture-missing">
      <p>The picture of this chat cannot be shown here. Reloading the page may help.</p>
      {caption !== "" && <p dir="auto">It shows: {caption}</p>}
    </div>
  );
}
