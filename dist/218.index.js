export const id = 218;
export const ids = [218];
export const modules = {

/***/ 9218:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createContainerLogs: () => (/* binding */ createContainerLogs)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4119);
/* harmony import */ var _settings_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9306);


/** CloudWatch Logs, loaded by the first read. */
function createContainerLogs(settings) {
    return {
        async tail(group, stream, lines) {
            const page = { limit: lines, startFromHead: false };
            return linesOf(await getLogEvents(settings, group, stream, page));
        },
        async readOn(group, stream, token) {
            const page = { startFromHead: true, ...(token !== undefined && { nextToken: token }) };
            const answer = await getLogEvents(settings, group, stream, page);
            return { lines: linesOf(answer), token: answer.nextForwardToken ?? token };
        },
    };
}
async function getLogEvents(settings, group, stream, page) {
    const { CloudWatchLogsClient, GetLogEventsCommand } = await __webpack_require__.e(/* import() */ 303).then(__webpack_require__.t.bind(__webpack_require__, 2684, 19));
    const client = new CloudWatchLogsClient((0,_settings_js__WEBPACK_IMPORTED_MODULE_1__/* .clientConfiguration */ .k)(settings, 3));
    try {
        const input = { logGroupName: group, logStreamName: stream, ...page };
        return await (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .callAws */ .I)('CloudWatch Logs', 'GetLogEvents', () => client.send(new GetLogEventsCommand(input)));
    }
    finally {
        client.destroy();
    }
}
function linesOf({ events }) {
    return (events ?? []).map((event) => event.message ?? '');
}


/***/ })

};
