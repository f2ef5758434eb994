import type { RunInstruction } from '../../build/dockerfile/ast.ts';

/** A tool that installs what a few files of the context, or none, ask for. */
export interface Installer {
  readonly pattern: RegExp;
  /** The files that decide what is installed; null: none of the context. */
  readonly needs: RegExp | null;
  /** The same for people. */
  readonly needsText: string;
  /** What installs the system's packages: several such steps could be one. */
  readonly system?: string;
}

const at = (names: string) => new RegExp(`(?:^|/)(?:${names})$`);

const INSTALLERS: readonly Installer[] = [
  {
    pattern: /^(?:npm (?:ci|install|i)|yarn(?: install)?|pnpm (?:install|i|fetch))(?: -|$)/,
    needs: at(
      'package\\.json|package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-lock\\.yaml|pnpm-workspace\\.yaml|\\.npmrc|\\.yarnrc(?:\\.yml)?|\\.pnpmfile\\.cjs',
    ),
    needsText: 'package.json and its lock file',
  },
  {
    pattern: /^(?:python3? -m )?pip3? install (?!(?:\S+ )*\.(?:\[|\/|$| ))/,
    needs: at('[^/]*requirements[^/]*\\.(?:txt|in)|constraints[^/]*\\.txt'),
    needsText: 'the requirements file',
  },
  {
    pattern: /^(?:poetry install|uv (?:sync|pip sync)|pipenv (?:install|sync))(?: -|$)/,
    needs: at('pyproject\\.toml|poetry\\.lock|uv\\.lock|Pipfile(?:\\.lock)?'),
    needsText: 'the project and lock file',
  },
  { pattern: /^go mod download/, needs: at('go\\.(?:mod|sum|work)'), needsText: 'go.mod and go.sum' },
  { pattern: /^cargo fetch/, needs: at('Cargo\\.(?:toml|lock)'), needsText: 'Cargo.toml and Cargo.lock' },
  {
    pattern: /^bundle install/,
    needs: at('Gemfile(?:\\.lock)?|[^/]+\\.gemspec|\\.ruby-version'),
    needsText: 'Gemfile and Gemfile.lock',
  },
  {
    pattern: /^composer install/,
    needs: at('composer\\.(?:json|lock)'),
    needsText: 'composer.json and composer.lock',
  },
  {
    pattern: /^dotnet restore/,
    needs: at(
      '[^/]+\\.(?:cs|fs|vb)proj|[^/]+\\.slnx?|nuget\\.config|Directory\\.[^/]+\\.props|packages\\.lock\\.json',
    ),
    needsText: 'the project files',
  },
  {
    pattern: /^(?:\.\/mvnw|mvn) (?:-\S+ )*dependency:(?:go-offline|resolve)/,
    needs: at('pom\\.xml|mvnw|maven-wrapper\\.(?:jar|properties)'),
    needsText: 'pom.xml',
  },
  system('apt-get', /^apt(?:-get)? (?:-\S+ )*install\b/),
  system('apk', /^apk (?:-\S+ )*add\b/),
  system('dnf', /^(?:dnf|microdnf|yum) (?:-\S+ )*install\b/),
  system('zypper', /^zypper (?:-\S+ )*(?:install|in)\b/),
];

function system(name: string, pattern: RegExp): Installer {
  return { pattern, needs: null, needsText: 'no file of the context', system: name };
}

/** Commands that may stand beside an installation without needing other files. */
const HARMLESS =
  /^(?:apt(?:-get)? (?:-\S+ )*(?:update|clean|autoremove|upgrade)|apk (?:-\S+ )*update|(?:dnf|microdnf|yum|zypper) (?:-\S+ )*(?:clean|update|refresh)|rm |mkdir |set |echo |true$|export |corepack |npm (?:config|cache)|yarn (?:config|cache)|pnpm (?:config|store)|(?:python3? -m )?pip3? (?:config|cache))/;

/** A local package file as an argument: the step then needs that file. */
const LOCAL_PACKAGE = /(?:^|\s)\.{0,2}\/\S+\.(?:deb|rpm|apk|tgz|whl)\b/;

/** The commands of a RUN one by one, blanks made one. Exec forms are one command. */
export function commandsOf({ command }: RunInstruction): string[] {
  if (command.form === 'exec') return [command.args.join(' ')];
  const text = [command.text, ...command.heredocs.map(({ content }) => content)].join('\n');
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/&&|\|\||[;|\n]/)
    .map((part) =>
      part
        .replace(/^\s*<<-?\S+/, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => part !== '');
}

/**
 * What a RUN installs with, when installing is all it does, so that no other file of the context can matter to it;
 * null else.
 */
export function installerOf(run: RunInstruction): Installer | null {
  const commands = commandsOf(run);
  let found: Installer | null = null;
  for (const command of commands) {
    if (LOCAL_PACKAGE.test(command)) return null;
    const installer = INSTALLERS.find(({ pattern }) => pattern.test(command));
    if (installer === undefined && !HARMLESS.test(command)) return null;
    // Two kinds in one step need the files of both: the one with files says which.
    if (installer !== undefined && (found === null || found.needs === null)) found = installer;
  }
  return found;
}
