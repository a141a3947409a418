export const id = 371;
export const ids = [371];
export const modules = {

/***/ 7371:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  maxTaskDefinitionBytes: () => (/* binding */ maxTaskDefinitionBytes),
  readTaskDefinition: () => (/* binding */ readTaskDefinition)
});

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./lib/src/core/errors/action-error.js + 1 modules
var action_error = __webpack_require__(978);
// EXTERNAL MODULE: ./lib/src/core/json.js
var json = __webpack_require__(5872);
;// CONCATENATED MODULE: ./lib/src/core/task-definition/mistyped.js

/**
 * The members that are strings in the ECS API and look like numbers in files; `*` stands for every
 * element or key. Unquoted, YAML makes 1.1 of `1.10` and 12 of `012` (measured), and so an account
 * id loses its leading zero.
 */
const strings = [
    'family',
    'taskRoleArn',
    'executionRoleArn',
    'networkMode',
    'cpu',
    'memory',
    'pidMode',
    'ipcMode',
    'tags.*.key',
    'tags.*.value',
    'volumes.*.name',
    'containerDefinitions.*.name',
    'containerDefinitions.*.image',
    'containerDefinitions.*.command.*',
    'containerDefinitions.*.entryPoint.*',
    'containerDefinitions.*.environment.*.name',
    'containerDefinitions.*.environment.*.value',
    'containerDefinitions.*.secrets.*.name',
    'containerDefinitions.*.secrets.*.valueFrom',
    'containerDefinitions.*.dockerLabels.*',
    'containerDefinitions.*.hostname',
    'containerDefinitions.*.user',
    'containerDefinitions.*.workingDirectory',
    'containerDefinitions.*.healthCheck.command.*',
    'containerDefinitions.*.logConfiguration.options.*',
    'containerDefinitions.*.systemControls.*.value',
    'containerDefinitions.*.resourceRequirements.*.value',
    'containerDefinitions.*.portMappings.*.containerPortRange',
].map((path) => path.split('.'));
/** Finds every number or boolean where ECS wants a string, and every number that lost digits. */
function findMistyped(definition) {
    return walk(definition, []);
}
function walk(value, at) {
    if (Array.isArray(value))
        return value.flatMap((element, i) => walk(element, [...at, i]));
    if ((0,json/* isJsonObject */.OW)(value)) {
        return Object.entries(value).flatMap(([name, member]) => walk(member, [...at, name]));
    }
    if (typeof value !== 'number' && typeof value !== 'boolean')
        return [];
    const where = at.join('.');
    if (strings.some((path) => matches(path, at))) {
        const problem = `${where} is the ${typeof value} ${String(value)} where ECS wants a string; put it in quotes`;
        return [{ at, problem }];
    }
    if (typeof value === 'boolean' || (Number.isFinite(value) && !isRounded(value)))
        return [];
    return [{ at, problem: `${where} is a number that JSON cannot carry exactly` }];
}
function isRounded(value) {
    return Number.isInteger(value) && !Number.isSafeInteger(value);
}
function matches(path, at) {
    return (path.length === at.length && path.every((part, i) => part === '*' || part === String(at[i])));
}

;// CONCATENATED MODULE: ./lib/src/core/task-definition/read.js




/** A task definition file is a page of text; ECS itself takes 64 KiB. */
const maxTaskDefinitionBytes = 1024 * 1024;
/**
 * Reads a task definition file: JSON or YAML 1.2, as data only (no tags, no merge keys).
 * @param path As the user wrote it, for messages.
 * @throws ActionError `task-definition-unreadable` with line and column of everything wrong.
 */
function readTaskDefinition(text, path) {
    if (text.trim() === '')
        throw unreadable(path, ['the file is empty']);
    const lines = new dist/* LineCounter */.HN();
    const document = (0,dist/* parseDocument */.Tp)(text, { lineCounter: lines, prettyErrors: false, merge: false });
    const broken = [...document.errors, ...document.warnings];
    if (broken.length > 0) {
        const first = broken.slice(0, 3);
        throw unreadable(path, first.map(({ message, pos }) => `${place(lines, pos[0])}: ${message.split('\n', 1).join('')}`));
    }
    const definition = toObject(document, path);
    const problems = [
        ...findMistyped(definition).map(({ at, problem }) => `${locate(document, lines, at)}: ${problem}`),
        ...missingMembers(definition),
    ];
    if (problems.length > 0)
        throw unreadable(path, problems);
    return definition;
}
function toObject(document, path) {
    let value;
    try {
        value = document.toJS();
    }
    catch (error) {
        // An alias bomb, or nesting deeper than the stack.
        throw unreadable(path, [error instanceof Error ? error.message : String(error)]);
    }
    if ((0,json/* isJsonObject */.OW)(value))
        return value;
    throw unreadable(path, ['1:1: not an object with family and containerDefinitions']);
}
function missingMembers(definition) {
    const { family, containerDefinitions } = definition;
    const problems = [];
    if (family === undefined || family === null || family === '')
        problems.push('family is missing');
    if (!Array.isArray(containerDefinitions) || containerDefinitions.length === 0) {
        problems.push('containerDefinitions is not a list with at least one container');
    }
    else if (!containerDefinitions.every((container) => (0,json/* isJsonObject */.OW)(container))) {
        problems.push('containerDefinitions holds something that is no container');
    }
    return problems;
}
function locate(document, lines, path) {
    const node = document.getIn(path, true);
    const start = (0,dist/* isNode */.Ll)(node) ? node.range?.[0] : undefined;
    return start === undefined ? path.join('.') : place(lines, start);
}
function place(lines, offset) {
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
}
function unreadable(path, problems) {
    return new action_error/* ActionError */.lZ('task-definition-unreadable', `task definition file ${JSON.stringify(path)} cannot be used: ${problems.join('; ')}`, 'Correct the file; `aws ecs register-task-definition --generate-cli-skeleton` shows its form.');
}


/***/ })

};
