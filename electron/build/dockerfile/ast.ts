import type { SourceRange } from '#shared/errors/app-error.ts';
import type { Directives } from './directives.ts';
import type { RunMountFlag } from './run-mount.ts';

/** One comment line, without `#` and surrounding blanks. Lines count from 1. */
export interface Comment {
  readonly text: string;
  readonly line: number;
}

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  /** The delimiter without quotes; COPY names the file after it. */
  readonly name: string;
  /** The text as the build uses it: leading tabs are gone when it was opened by `<<-`. */
  readonly content: string;
  /** The lines exactly as written. */
  readonly rawContent: string;
  readonly stripTabs: boolean;
  /** False when any part of the delimiter was quoted: variables in the content stay as they are. */
  readonly expand: boolean;
  readonly fileDescriptor: number;
}

/** A command in shell form, still unsplit, or in exec (JSON) form. */
export type CommandForm =
  | { readonly form: 'shell'; readonly text: string; readonly heredocs: readonly Heredoc[] }
  | { readonly form: 'exec'; readonly args: readonly string[] };

/** A name and its value as words: quotes, escapes and variables are still in them. */
export interface KeyValueWord {
  readonly key: string;
  readonly value: string;
}

/** What every instruction carries, whatever its keyword. */
interface InstructionBase<K extends string> {
  readonly keyword: K;
  /** The keyword as it was typed, for the casing checks. */
  readonly keywordText: string;
  readonly range: SourceRange;
  /** One line for display: keyword in upper case, continuation lines joined by one blank, no heredoc bodies. */
  readonly source: string;
  /** The joined line as BuildKit keeps it: every blank of continued lines is still there. */
  readonly original: string;
  /** The comment lines above it, parser directives not among them. */
  readonly comments: readonly Comment[];
  /** Blank lines inside a continuation (they are skipped, and warned about). */
  readonly emptyLines: readonly number[];
}

export interface FromInstruction extends InstructionBase<'FROM'> {
  /** Base image or stage as a word, unexpanded. */
  readonly image: string;
  /** Stage name in lower case. */
  readonly stageName: string | null;
  /** Stage name as typed. */
  readonly stageNameText: string | null;
  /** `AS` as typed, for the casing check. */
  readonly asText: string | null;
  /** Text of the comment `# <stage name> <text>` above it. */
  readonly description: string | null;
  readonly flags: { readonly platform: string | undefined };
}

/** One name of an ARG; `value` is an unexpanded word, null when there is no default. */
export interface ArgDefinition {
  readonly name: string;
  readonly value: string | null;
  /** Text of the comment `# <name> <text>` above it. */
  readonly description: string | null;
}

export interface ArgInstruction extends InstructionBase<'ARG'> {
  readonly args: readonly ArgDefinition[];
}

export interface EnvInstruction extends InstructionBase<'ENV'> {
  readonly pairs: readonly KeyValueWord[];
  /** Written as `ENV name value`. */
  readonly legacy: boolean;
}

export interface LabelInstruction extends InstructionBase<'LABEL'> {
  readonly pairs: readonly KeyValueWord[];
  readonly legacy: boolean;
}

export interface RunInstruction extends InstructionBase<'RUN'> {
  readonly command: CommandForm;
  readonly flags: {
    /** Values are words: resolve each with `resolveRunMount` once the variables are known. */
    readonly mounts: readonly RunMountFlag[];
    readonly network: 'default' | 'none' | 'host' | undefined;
    readonly security: 'sandbox' | 'insecure' | undefined;
    readonly devices: readonly string[];
  };
}

export interface CmdInstruction extends InstructionBase<'CMD'> {
  readonly command: CommandForm;
}

export interface EntrypointInstruction extends InstructionBase<'ENTRYPOINT'> {
  readonly command: CommandForm;
}

export interface ShellInstruction extends InstructionBase<'SHELL'> {
  readonly shell: readonly string[];
}

/** Sources and destination of COPY and ADD; all are unexpanded words. */
interface CopyPaths {
  readonly sources: readonly string[];
  /** Files written in the Dockerfile itself. */
  readonly heredocs: readonly Heredoc[];
  readonly destination: string;
}

export interface CopyInstruction extends InstructionBase<'COPY'>, CopyPaths {
  readonly flags: {
    readonly from: string | undefined;
    readonly chown: string | undefined;
    readonly chmod: string | undefined;
    readonly link: boolean | undefined;
    readonly parents: boolean | undefined;
    readonly exclude: readonly string[];
  };
}

export interface AddInstruction extends InstructionBase<'ADD'>, CopyPaths {
  readonly flags: {
    readonly chown: string | undefined;
    readonly chmod: string | undefined;
    readonly link: boolean | undefined;
    readonly exclude: readonly string[];
    readonly checksum: string | undefined;
    /** Undefined: the default, which a git source may set for itself. */
    readonly keepGitDir: boolean | undefined;
    /** Undefined: local archives are unpacked, remote ones are not. */
    readonly unpack: boolean | undefined;
  };
}

export interface ExposeInstruction extends InstructionBase<'EXPOSE'> {
  /** Words in sorted order; they are split again after expansion. */
  readonly ports: readonly string[];
}

export interface VolumeInstruction extends InstructionBase<'VOLUME'> {
  readonly paths: readonly string[];
}

export interface UserInstruction extends InstructionBase<'USER'> {
  readonly user: string;
}

export interface WorkdirInstruction extends InstructionBase<'WORKDIR'> {
  readonly path: string;
}

export interface StopsignalInstruction extends InstructionBase<'STOPSIGNAL'> {
  readonly signal: string;
}

export interface MaintainerInstruction extends InstructionBase<'MAINTAINER'> {
  readonly maintainer: string;
}

export interface HealthcheckInstruction extends InstructionBase<'HEALTHCHECK'> {
  /** Null: `HEALTHCHECK NONE`, which switches off the check of the base image. */
  readonly check: {
    readonly command: CommandForm;
    /** Durations in nanoseconds; null where the flag is absent, 0 means the default of the runtime. */
    readonly interval: number | null;
    readonly timeout: number | null;
    readonly startPeriod: number | null;
    readonly startInterval: number | null;
    readonly retries: number | null;
  } | null;
}

export interface OnbuildInstruction extends InstructionBase<'ONBUILD'> {
  /** What the image config stores: the text after ONBUILD, with the heredocs attached again. */
  readonly trigger: string;
  /** The same, parsed. */
  readonly instruction: Instruction;
}

/** One parsed instruction; switch over `keyword`. */
export type Instruction =
  | FromInstruction
  | ArgInstruction
  | EnvInstruction
  | LabelInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | ShellInstruction
  | CopyInstruction
  | AddInstruction
  | ExposeInstruction
  | VolumeInstruction
  | UserInstruction
  | WorkdirInstruction
  | StopsignalInstruction
  | MaintainerInstruction
  | HealthcheckInstruction
  | OnbuildInstruction;

export type InstructionKeyword = Instruction['keyword'];

/** Every keyword that the parser knows. */
export const INSTRUCTION_KEYWORDS = [
  'FROM',
  'ARG',
  'ENV',
  'LABEL',
  'RUN',
  'CMD',
  'ENTRYPOINT',
  'SHELL',
  'COPY',
  'ADD',
  'EXPOSE',
  'VOLUME',
  'USER',
  'WORKDIR',
  'STOPSIGNAL',
  'MAINTAINER',
  'HEALTHCHECK',
  'ONBUILD',
] as const satisfies readonly InstructionKeyword[];

/** The part of a Dockerfile from one FROM to the next. */
export interface Stage {
  readonly index: number;
  /** Lower case; null when the stage has no name. */
  readonly name: string | null;
  readonly from: FromInstruction;
  /** What follows the FROM. */
  readonly instructions: readonly Instruction[];
}

/** A parsed Dockerfile. */
export interface Dockerfile {
  readonly path: string;
  readonly text: string;
  readonly directives: Directives;
  /** Every instruction in file order, FROM and global ARG among them. */
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** The ARGs before the first FROM. */
  readonly globalArgs: readonly ArgInstruction[];
}
