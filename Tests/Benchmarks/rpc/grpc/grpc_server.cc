// The same service on gRPC's C++ server with its callback API, which is its fastest.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "cabinet/v1/diagnostics.grpc.pb.h"

namespace {

class Diagnostics final : public cabinet::v1::DiagnosticsService::CallbackService {
    grpc::ServerUnaryReactor *Echo(
        grpc::CallbackServerContext *context, const cabinet::v1::EchoRequest *request,
        cabinet::v1::EchoResponse *response) override {
        using namespace std::chrono;
        response->set_payload(request->payload());
        response->set_server_time_unix_ms(
            duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
        auto *reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
};

std::string contents(const std::string &path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
        std::cerr << "bench: " << path << " cannot be read\n";
        std::exit(1);
    }
    return text.str();
}

}  // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: grpc-server FOLDER_WITH_CERTIFICATES\n";
        return 64;
    }
    const std::string folder = argv[1];
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = contents(folder + "/ca.pem");
    tls.pem_key_cert_pairs.push_back(
        {contents(folder + "/server.key"), contents(folder + "/server.pem")});

    Diagnostics service;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port);
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    if (!server || port == 0) return 1;
    std::cout << "listening on 127.0.0.1:" << port << std::endl;
    server->Wait();
}
