#include "ingest/decoder/child_main.h"

int main(int argc, char** argv) { return archive::run_decoder(argc, argv, archive::open_source); }
