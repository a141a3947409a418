export const id = 145;
export const ids = [145];
export const modules = {

/***/ 8145:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createEcs: () => (/* binding */ createEcs)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-cjs/index.js
var dist_cjs = __webpack_require__(212);
// EXTERNAL MODULE: ./lib/src/core/errors/aws-failure.js
var aws_failure = __webpack_require__(6244);
// EXTERNAL MODULE: ./lib/src/adapters/aws/failure.js
var failure = __webpack_require__(4119);
// EXTERNAL MODULE: ./lib/src/adapters/aws/settings.js + 2 modules
var aws_settings = __webpack_require__(9306);
// EXTERNAL MODULE: ./lib/src/core/json.js
var json = __webpack_require__(5872);
;// CONCATENATED MODULE: ./lib/src/adapters/aws/wire-json.js

/**
 * Two middlewares, each innermost in its step. Serialisation: the request is made already and not
 * yet signed, so that signature and length are those of our body. Deserialisation: the answer is
 * read once, kept, and handed on for the SDK to find errors in.
 */
function wireJson() {
    const exchanges = new WeakMap();
    return {
        plugin: {
            applyToStack(stack) {
                stack.add((next) => (arguments_) => {
                    const exchange = exchanges.get(arguments_.input);
                    const { request } = arguments_;
                    if (exchange !== undefined && hasBody(request)) {
                        request.body = JSON.stringify(exchange.body);
                    }
                    return next(arguments_);
                }, { step: 'serialize', name: 'sendWireJson', priority: 'low' });
                stack.add((next) => async (arguments_) => {
                    const result = await next(arguments_);
                    const exchange = exchanges.get(arguments_.input);
                    const { response } = result;
                    if (exchange !== undefined && hasBody(response)) {
                        const bytes = await collect(response.body);
                        exchange.answer = bytes.toString('utf8');
                        response.body = bytes;
                    }
                    return result;
                }, { step: 'deserialize', name: 'keepWireJson', priority: 'low' });
            },
        },
        async exchange(commandInput, body, send) {
            const exchange = { body, answer: undefined };
            exchanges.set(commandInput, exchange);
            await send();
            return parseAnswer(exchange.answer);
        },
    };
}
function hasBody(message) {
    return typeof message === 'object' && message !== null && 'body' in message;
}
async function collect(body) {
    if (!isAsyncIterable(body))
        return Buffer.alloc(0);
    const chunks = [];
    for await (const chunk of body)
        if (chunk instanceof Uint8Array)
            chunks.push(chunk);
    return Buffer.concat(chunks);
}
function isAsyncIterable(value) {
    return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
function parseAnswer(answer) {
    if (answer === undefined || answer === '')
        return undefined;
    const parsed = JSON.parse(answer);
    if ((0,json/* isJsonObject */.OW)(parsed))
        return parsed;
    throw new SyntaxError('the answer is no JSON object');
}

;// CONCATENATED MODULE: ./lib/src/adapters/aws/ecs.js





/** Reads may be sent again and again: three attempts die of one throttled second (measured). */
const readAttempts = 8;
/** What a command is made with so that it type-checks; on the wire goes the raw input instead. */
const placeholder = {
    service: '',
    services: [],
    taskDefinition: '',
    family: '',
    containerDefinitions: [],
    serviceDeploymentArn: '',
    hookId: '',
    serviceDeploymentArns: [],
    serviceRevisionArns: [],
    tasks: [],
    nextToken: '',
};
/**
 * Amazon ECS through its SDK: commands for signing, endpoints and retries; raw JSON in and out.
 * Reads are retried. RegisterTaskDefinition and UpdateService have no idempotency token and are
 * sent once: a retry inside the SDK made three revisions of one call (measured).
 */
function createEcs(settings) {
    const wire = wireJson();
    const reads = new dist_cjs/* ECSClient */.Zgc((0,aws_settings/* clientConfiguration */.k)(settings, readAttempts));
    const writes = new dist_cjs/* ECSClient */.Zgc((0,aws_settings/* clientConfiguration */.k)(settings, 1));
    reads.middlewareStack.use(wire.plugin);
    writes.middlewareStack.use(wire.plugin);
    const read = (name, send) => (input, limit) => {
        const own = { ...placeholder };
        const options = limit === undefined ? {} : { abortSignal: AbortSignal.timeout(Math.ceil(limit.withinMs)) };
        return (0,failure/* readAws */.k)('ECS', name, async () => {
            const answer = await wire.exchange(own, input, () => send(own, options));
            if (answer !== undefined)
                return answer;
            const code = 'EmptyAnswer';
            const message = 'the answer is empty';
            throw new aws_failure/* AwsFailure */.O({ service: 'ECS', operation: name, code, message, httpStatus: 200 });
        });
    };
    const write = (name, send) => async (input) => {
        const own = { ...placeholder };
        const answer = await (0,failure/* callAws */.I)('ECS', name, () => wire.exchange(own, input, () => send(own)));
        return answer ?? {};
    };
    return { ...readsOver(reads, read), ...writesOver(writes, write) };
}
function writesOver(client, operation) {
    return {
        runTask: operation('RunTask', (input) => client.send(new dist_cjs/* RunTaskCommand */._eD(input))),
        registerTaskDefinition: operation('RegisterTaskDefinition', (input) => client.send(new dist_cjs/* RegisterTaskDefinitionCommand */.$Hl(input))),
        deregisterTaskDefinition: operation('DeregisterTaskDefinition', (input) => client.send(new dist_cjs/* DeregisterTaskDefinitionCommand */.sjB(input))),
        updateService: operation('UpdateService', (input) => client.send(new dist_cjs/* UpdateServiceCommand */.kZr(input))),
        stopServiceDeployment: operation('StopServiceDeployment', (input) => client.send(new dist_cjs/* StopServiceDeploymentCommand */.a8L(input))),
        continueServiceDeployment: operation('ContinueServiceDeployment', (input) => client.send(new dist_cjs/* ContinueServiceDeploymentCommand */.LrH(input))),
    };
}
function readsOver(client, operation) {
    return {
        listClusters: operation('ListClusters', (input, options) => client.send(new dist_cjs/* ListClustersCommand */.Nnn(input), options)),
        listTaskDefinitions: operation('ListTaskDefinitions', (input, options) => client.send(new dist_cjs/* ListTaskDefinitionsCommand */.Pse(input), options)),
        describeServices: operation('DescribeServices', (input, options) => client.send(new dist_cjs/* DescribeServicesCommand */.H7c(input), options)),
        describeTaskDefinition: operation('DescribeTaskDefinition', (input, options) => client.send(new dist_cjs/* DescribeTaskDefinitionCommand */.Zy$(input), options)),
        listServiceDeployments: operation('ListServiceDeployments', (input, options) => client.send(new dist_cjs/* ListServiceDeploymentsCommand */.jz8(input), options)),
        describeServiceDeployments: operation('DescribeServiceDeployments', (input, options) => client.send(new dist_cjs/* DescribeServiceDeploymentsCommand */.A6p(input), options)),
        describeServiceRevisions: operation('DescribeServiceRevisions', (input, options) => client.send(new dist_cjs/* DescribeServiceRevisionsCommand */.oF5(input), options)),
        listTasks: operation('ListTasks', (input, options) => client.send(new dist_cjs/* ListTasksCommand */.MYg(input), options)),
        describeTasks: operation('DescribeTasks', (input, options) => client.send(new dist_cjs/* DescribeTasksCommand */.z8X(input), options)),
    };
}


/***/ })

};
