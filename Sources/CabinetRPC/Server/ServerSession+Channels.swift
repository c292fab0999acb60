extension ServerSession {
    func subscribe(_ call: ServerCall, _ context: CallContext, _ channelName: String) {
        remove(call)
        fail(call.id, RPCError(.unimplemented, "channels are not there yet", isNotProcessed: true))
    }
}
