/** Why what was just tried did not work, said aloud as well; nothing where it did. */
export function Complaint({ text }: { readonly text: string | undefined }) {
  if (!text) return null;
  return (
    <p className="error" role="alert">
      {text}
    </p>
  );
}
