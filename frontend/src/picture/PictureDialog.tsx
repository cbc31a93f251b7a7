import { useEffect, useRef, useState } from "react";

interface Props {
  readonly source: string;
  readonly alt: string;
  /** Called once the dialog is closed, whichever way. */
  readonly onClose: () => void;
}

/** The whole picture over the page, as large as the window; or as large as it is, to be scrolled and pinched. */
export function PictureDialog({ source, alt, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isFull, setIsFull] = useState(false);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="picture-dialog" aria-label="Picture" onClose={onClose}>
      <div className="actions">
        <button type="button" aria-pressed={isFull} onClick={() => setIsFull(!isFull)}>
          Full size
        </button>
        <button type="button" className="primary" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      {/* Without a tab stop, keyboards could not scroll a picture that is larger than the window. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="picture-scroller" data-full={isFull} tabIndex={0} role="region" aria-label="Whole picture">
        <img src={source} alt={alt} />
      </div>
    </dialog>
  );
}
