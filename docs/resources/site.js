// A button beside each block of code copies it, without the prompts and the results of examples.
const readCode = (block) => {
  const lines = block.querySelector("code").textContent.trimEnd().split("\n");
  if (!lines.some((line) => line.startsWith(">>> "))) return lines.join("\n");
  return lines.filter((line) => /^(>>>|\.\.\.)( |$)/.test(line)).map((line) => line.slice(4)).join("\n");
};
// Pages that are opened from a disk may have no clipboard.
for (const block of navigator.clipboard ? document.querySelectorAll(".codehilite") : []) {
  const button = document.createElement("button");
  button.className = "copy";
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(readCode(block));
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  block.append(button);
}
