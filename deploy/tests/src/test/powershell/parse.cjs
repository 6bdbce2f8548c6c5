// Prints where the scripts of its arguments are not PowerShell, a line each, by the grammar that VS Code uses. Run it with node --liftoff-only: to compile the
// grammar well takes half a minute.
const fs = require('node:fs');
const path = require('node:path');
const { Language, Parser } = require('@vscode/tree-sitter-wasm');

const folder = path.dirname(require.resolve('@vscode/tree-sitter-wasm'));

function faults(node) {
  const own = node.isError || node.isMissing ? [node] : [];
  return own.concat(...node.children.map(faults));
}

async function main(files) {
  await Parser.init({ locateFile: (name) => path.join(folder, name) });
  const parser = new Parser();
  parser.setLanguage(await Language.load(path.join(folder, 'tree-sitter-powershell.wasm')));
  for (const file of files) {
    const script = parser.parse(fs.readFileSync(file, 'utf8')).rootNode;
    for (const fault of faults(script)) {
      console.log(`${file}:${fault.startPosition.row + 1}:${fault.startPosition.column + 1}: ${fault.text.split('\n')[0]}`);
    }
  }
}

main(process.argv.slice(2));
