export const id = 756;
export const ids = [756];
export const modules = {

/***/ 801:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ emptyAnswer),
/* harmony export */   i: () => (/* binding */ undefinedFor)
/* harmony export */ });
/* harmony import */ var _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6244);

/** Makes nothing of the failure with this code; others go on. */
function undefinedFor(code) {
    return (error) => {
        if (error instanceof _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O && error.code === code)
            return undefined;
        throw error;
    };
}
/** An answer without what it is asked for. */
function emptyAnswer(service, operation, message) {
    return new _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O({ service, operation, code: 'EmptyAnswer', message, httpStatus: 200 });
}


/***/ }),

/***/ 6756:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createEcrPublicApi: () => (/* binding */ createEcrPublicApi)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr_public__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9821);
/* harmony import */ var _ecr_answers_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(801);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4119);
/* harmony import */ var _settings_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9306);




const service = 'ECR Public';
/** The only region that has this API (ECR Public user guide, endpoints). */
const region = 'us-east-1';
/** @returns The API with the caller's own registry; names of repositories begin with its alias. */
function createEcrPublicApi(settings) {
    const client = new _aws_sdk_client_ecr_public__WEBPACK_IMPORTED_MODULE_3__/* .ECRPUBLICClient */ .Rr((0,_settings_js__WEBPACK_IMPORTED_MODULE_2__/* .clientConfiguration */ .k)({ ...settings, region }, 4));
    return {
        authorizationToken: () => authorizationToken(client),
        describeRepository: (name) => describeRepository(client, name),
        tagsOf: ({ name }, digest) => tagsOf(client, name, digest),
        newestTags: ({ name }, count) => newestTags(client, name, count),
    };
}
async function authorizationToken(client) {
    const { authorizationData: data } = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .readAws */ .k)(service, 'GetAuthorizationToken', () => client.send(new _aws_sdk_client_ecr_public__WEBPACK_IMPORTED_MODULE_3__/* .GetAuthorizationTokenCommand */ .Eu({})));
    const text = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1 || data?.expiresAt === undefined) {
        throw (0,_ecr_answers_js__WEBPACK_IMPORTED_MODULE_0__/* .emptyAnswer */ .W)(service, 'GetAuthorizationToken', 'the answer holds no token');
    }
    const [username, password] = [text.slice(0, colon), text.slice(colon + 1)];
    return { username, password, expiresAt: data.expiresAt };
}
/** The API knows repositories by their name behind the alias, and only the caller's. */
async function describeRepository(client, name) {
    const input = { repositoryNames: [behindAlias(name)] };
    const answer = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .readAws */ .k)(service, 'DescribeRepositories', () => client.send(new _aws_sdk_client_ecr_public__WEBPACK_IMPORTED_MODULE_3__/* .DescribeRepositoriesCommand */ .pE(input))).catch((0,_ecr_answers_js__WEBPACK_IMPORTED_MODULE_0__/* .undefinedFor */ .i)('RepositoryNotFoundException'));
    const [found] = answer?.repositories ?? [];
    const uri = found?.repositoryUri;
    if (uri?.endsWith(`/${name}`) !== true)
        return undefined;
    // There are neither accounts in names nor fixed tags in ECR Public.
    return { name, accountId: '', uri, tagMutability: 'MUTABLE', exclusionFilters: [] };
}
async function tagsOf(client, name, imageDigest) {
    const input = { repositoryName: behindAlias(name), imageIds: [{ imageDigest }] };
    const answer = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .readAws */ .k)(service, 'DescribeImages', () => client.send(new _aws_sdk_client_ecr_public__WEBPACK_IMPORTED_MODULE_3__/* .DescribeImagesCommand */ .ji(input))).catch((0,_ecr_answers_js__WEBPACK_IMPORTED_MODULE_0__/* .undefinedFor */ .i)('ImageNotFoundException'));
    return answer?.imageDetails?.flatMap(({ imageTags }) => imageTags ?? []) ?? [];
}
async function newestTags(client, name, count) {
    const images = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .readAws */ .k)(service, 'DescribeImages', async () => {
        const found = [];
        const input = { repositoryName: behindAlias(name) };
        const pages = (0,_aws_sdk_client_ecr_public__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeImages */ .Xi)({ client, pageSize: 1000 }, input);
        for await (const page of pages)
            found.push(...(page.imageDetails ?? []));
        return found;
    });
    const pushedMs = (image) => image.imagePushedAt?.getTime() ?? 0;
    const newestFirst = images.toSorted((a, b) => pushedMs(b) - pushedMs(a));
    return newestFirst.flatMap(({ imageTags }) => imageTags ?? []).slice(0, count);
}
function behindAlias(name) {
    return name.slice(name.indexOf('/') + 1);
}


/***/ })

};
